import { describe, expect, it } from 'vitest';
import { StateWriter } from './state-writer.ts';

/** A write that is under way until it is ended. */
function gate() {
  const writes: { end(): void; fail(): void }[] = [];
  const writer = new StateWriter(
    () => new Promise((end, fail) => void writes.push({ end, fail: () => fail(new Error('no disk')) })),
  );
  return { writes, writer };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('what the rules know', () => {
  it('is written behind the back of the rows, one write at a time, the newest in the end', async () => {
    const { writes, writer } = gate();
    await writer.note();
    await writer.note();
    await writer.note();
    await turn();
    expect(writes).toHaveLength(1);
    const flushed = writer.settle();
    writes[0]?.end();
    while (writes.length < 2) await turn();
    writes[1]?.end();
    await flushed;
    expect(writes).toHaveLength(2);
  });

  it('is not written where nothing was noted: what was kept before stays', async () => {
    const { writes, writer } = gate();
    await writer.settle();
    expect(writes).toHaveLength(0);
  });

  it('holds up the rows once it could not be written, until it can', async () => {
    const { writes, writer } = gate();
    await writer.note();
    writes[0]?.fail();
    await turn();
    const refused = writer.note();
    await turn();
    writes[1]?.fail();
    await expect(refused).rejects.toThrow('no disk');
    const taken = writer.note();
    await turn();
    writes[2]?.end();
    await taken;
    await writer.note();
    await turn();
    expect(writes).toHaveLength(4);
    writes[3]?.end();
  });
});
