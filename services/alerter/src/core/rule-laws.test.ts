import type { Alert, Analytics, Condition, Inhibition, Rule } from '@tandem/common';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertRow } from './alert-row.ts';
import { minute, row } from './rows.fixture.ts';
import { inhibitionsOf, stateFromAlerts } from './rule-machine.ts';
import { byStudy, evaluateRows, type Finding } from './rule-watch.ts';
import { inWords, study, told, watchOf } from './told.fixture.ts';

const walk = fc.array(
  fc.tuple(
    fc.constantFrom(null, -3, -2, -1, -0.4, 0, 0.5, 1, 2, 2.5),
    fc.constantFrom(0.2, 0.8, 0.8, null),
    fc.integer({ min: 1, max: 8 }).map((jump) => (jump === 8 ? 2 : 1)),
    fc.constantFrom<Inhibition[]>([], [], [], ['break'], ['thin-market', 'invalid']),
  ),
  { maxLength: 60 },
);
const conditions: Condition[] = [
  {
    all: [
      { field: '|z|', is: '>=', value: 2 },
      { field: 'returnCorrelation', is: '>=', value: 0.5 },
    ],
  },
  { field: 'z', is: '<', value: -0.5 },
  {
    any: [
      { field: '|z|', is: '>', value: 2 },
      { field: 'returnCorrelation', is: '<', value: 0.5 },
    ],
  },
  { field: 'returnCorrelation', is: '<', value: 0.5 },
];
const variant = fc.record({
  when: fc.constantFrom(...conditions),
  bars: fc.integer({ min: 1, max: 3 }),
  cooldown: fc.constantFrom(0, 3 * minute, 20 * minute),
  mode: fc.constantFrom<Rule['mode']>('transition', 'every'),
});
type Steps = readonly (readonly [number | null, number | null, number, Inhibition[]])[];
function rowsOf(steps: Steps): Analytics[] {
  let index = 0;
  return steps.map(([z, returnCorrelation, jump, inhibitions]) => {
    index += jump;
    return row(index, z, { returnCorrelation, inhibitions });
  });
}
function alertsOf(findings: readonly Finding[]): Alert[] {
  const circumstances = { dataset: 'live', late: false, simulated: false };
  return findings.map(({ watch, change }) => alertRow(circumstances, watch.compiled, { study }, change));
}

describe('what holds for every market and every rule', () => {
  it('firing and resolved take turns, and what is told never depends on what comes later', () => {
    fc.assert(
      fc.property(walk, variant, fc.nat(60), (steps, changes, cut) => {
        const rows = rowsOf(steps);
        const all = told(rows, changes);
        const turns = all.filter((line) => !line.includes('inhibited'));
        if (changes.mode === 'transition') {
          for (const [i, line] of turns.entries()) expect(line.includes('firing')).toBe(i % 2 === 0);
        }
        const early = told(rows.slice(0, cut), changes);
        expect(all.slice(0, early.length)).toEqual(early);
      }),
    );
  });

  it('nothing that speaks of entering fires on a bar that forbids it', () => {
    fc.assert(
      fc.property(walk, variant, (steps, changes) => {
        const watch = watchOf({ ...changes, mode: 'transition' });
        const { findings } = evaluateRows(byStudy([watch]), rowsOf(steps));
        for (const { change } of findings) {
          if (!watch.compiled.entry) expect(change.transition).not.toBe('inhibited');
          else if (change.transition === 'firing') expect(inhibitionsOf(change.bar)).toEqual([]);
          else if (change.transition === 'inhibited') expect(inhibitionsOf(change.bar)).not.toEqual([]);
        }
      }),
    );
  });

  it('a run of bars is called inhibited at most once', () => {
    fc.assert(
      fc.property(walk, variant, (steps, changes) => {
        const watch = watchOf({ ...changes, mode: 'transition' });
        const rows = rowsOf(steps);
        const { findings } = evaluateRows(byStudy([watch]), rows);
        const at = findings
          .filter(({ change }) => change.transition === 'inhibited')
          .map((one) => one.change);
        for (const [i, change] of at.entries()) {
          const next = at[i + 1];
          if (next === undefined) continue;
          const [from, to] = [rows.indexOf(change.bar as Analytics), rows.indexOf(next.bar as Analytics)];
          const goesOn = (index: number) => {
            const [before, now] = [rows[index - 1], rows[index]] as [Analytics, Analytics];
            const sides = [before, now].map(({ z }) => Math.sign(z ?? 0));
            return now.time - before.time === minute && watch.compiled.when(now) && sides[0] === sides[1];
          };
          const between = Array.from({ length: to - from }, (_, k) => from + 1 + k);
          const fired = findings.some(
            (one) =>
              one.change.transition === 'firing' &&
              one.change.bar.time > change.bar.time &&
              one.change.bar.time < next.bar.time,
          );
          expect(fired || !between.every(goesOn)).toBe(true);
        }
      }),
    );
  });

  it('mode every tells of exactly the qualifying bars, and those without a label are what transition fires', () => {
    fc.assert(
      fc.property(walk, variant, (steps, changes) => {
        const rows = rowsOf(steps);
        const every = evaluateRows(byStudy([watchOf({ ...changes, mode: 'every' })]), rows).findings;
        const { when } = watchOf(changes).compiled;
        expect(every.map(({ change }) => change.bar)).toEqual(rows.filter((one) => when(one)));
        const unlabelled = every.filter(({ change }) => change.labels.length === 0).map(inWords);
        const firings = told(rows, { ...changes, mode: 'transition' }).filter((line) =>
          line.includes('firing'),
        );
        expect(unlabelled).toEqual(firings);
      }),
    );
  });

  it('a restart at any row, with the state kept as JSON, tells the same as none', () => {
    fc.assert(
      fc.property(walk, variant, fc.array(fc.nat(60), { maxLength: 5 }), (steps, changes, cuts) => {
        const rows = rowsOf(steps);
        let watch = watchOf(changes, -1);
        const lines: string[] = [];
        for (const [i] of rows.entries()) {
          if (cuts.includes(i)) {
            const { state, time } = watch;
            watch = { ...watchOf(changes, -1), state: JSON.parse(JSON.stringify(state)), time };
          }
          // What was evaluated before comes again after a restart, as a stream repeats.
          const evaluation = evaluateRows(byStudy([watch]), rows.slice(cuts.includes(i) ? 0 : i, i + 1));
          expect(evaluation.evaluated).toBe(1);
          evaluation.commit();
          lines.push(...evaluation.findings.map(inWords));
        }
        expect(lines).toEqual(told(rows, changes));
      }),
    );
  });

  it('an amended row fires nothing, retracts nothing and changes nothing that comes after', () => {
    fc.assert(
      fc.property(
        walk,
        variant,
        fc.array(fc.tuple(fc.nat(60), fc.nat(60)), { maxLength: 9 }),
        (steps, changes, amendments) => {
          const rows = rowsOf(steps);
          const watches = byStudy([watchOf(changes)]);
          const lines: string[] = [];
          for (const [i, one] of rows.entries()) {
            const fresh = evaluateRows(watches, [one]);
            fresh.commit();
            lines.push(...fresh.findings.map(inWords));
            for (const [at, other] of amendments) {
              const old = rows[other];
              if (at !== i || old === undefined || other > i) continue;
              const amended = evaluateRows(watches, [
                { ...old, z: 2.7, returnCorrelation: 0.9, inhibitions: [] },
              ]);
              expect([amended.findings, amended.evaluated, amended.repeated.length]).toEqual([[], 0, 1]);
              amended.commit();
            }
          }
          expect(lines).toEqual(told(rows, changes));
        },
      ),
    );
  });

  it('with its state lost, its last alerts tell whether it fires, since when, and what is evaluated next', () => {
    fc.assert(
      fc.property(walk, variant, (steps, changes) => {
        const watch = watchOf({ ...changes, mode: 'transition' }, -1);
        const evaluation = evaluateRows(byStudy([watch]), rowsOf(steps));
        evaluation.commit();
        const alerts = alertsOf(evaluation.findings).reverse();
        const rebuilt = stateFromAlerts(alerts, changes.bars);
        expect(rebuilt?.state.phase === 'firing').toBe(watch.state.phase === 'firing');
        expect(rebuilt?.state.fired ?? null).toBe(watch.state.fired);
        if (watch.state.phase === 'firing') expect(rebuilt?.state.direction).toBe(watch.state.direction);
        expect(rebuilt?.time).toBe(alerts[0]?.time);
      }),
    );
  });
});
