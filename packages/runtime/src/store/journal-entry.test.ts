import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entriesOf, type JournalEntry, lineOf } from './journal-entry.ts';
import { otherRows } from './sample-rows.fixture.ts';

const entries: JournalEntry[] = ['€1', 'two\nlines', 'three'].map((text, number) => ({
  number,
  changes: [{ table: 'alerts', rows: [{ ...otherRows.alerts, text }] }],
}));
const lines = entries.map(lineOf);
const bytes = Buffer.from(lines.join(''));

describe('the journal of a process that was killed', () => {
  it('gives back every whole entry, wherever the last one was torn', () => {
    for (let length = 0; length <= bytes.length; length++) {
      let whole = 0;
      for (let end = 0; end + Buffer.byteLength(lines[whole] ?? '\n') <= length && whole < lines.length; )
        end += Buffer.byteLength(lines[whole++] as string);
      expect(entriesOf(bytes.subarray(0, length).toString())).toEqual(entries.slice(0, whole));
    }
  });

  it('never passes off a spoilt entry as one that was written', () => {
    const spoilt = fc.record({ at: fc.nat(bytes.length - 1), by: fc.integer({ min: 1, max: 255 }) });
    fc.assert(
      fc.property(spoilt, ({ at, by }) => {
        const copy = Buffer.from(bytes);
        copy[at] = (copy[at] as number) ^ by;
        try {
          for (const { number, changes } of entriesOf(copy.toString()))
            expect(changes).toEqual(entries[number]?.changes);
        } catch (error) {
          expect((error as Error).message).toMatch(/^line \d is not as it was written$/);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
