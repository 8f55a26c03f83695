import { byStudy, compileRule, evaluateRows, newWatch } from '@tandem/alerter';
import { type Analytics, blankAnalytics, intervalMs, presets, type Rule } from '@tandem/common';
import { compare, type Effort } from './compare.ts';
import type { Options } from './options.ts';
import type { Report } from './report.ts';
import { spread, table } from './table.ts';

const studies = 200;
const barsInPass = 50;
const step = intervalMs['1m'];

/** Rule × study × bar: how fast rows are evaluated, beside a loop that compares two numbers of the same rows. */
export async function rules({ seed, quick }: Options): Promise<Report> {
  const effort: Effort = quick
    ? { rounds: 3, roundMs: 200, time: 'processor' }
    : { rounds: 9, roundMs: 500, time: 'processor' };
  const written = rulesOf();
  const { batches, later } = rowsOf(seed);
  const watches = byStudy(
    written.flatMap((rule) => {
      const compiled = compileRule(rule);
      return Array.from({ length: studies }, (_, index) =>
        newWatch(compiled, { id: `study-${index}`, interval: '1m' }, step, -1),
      );
    }),
  );
  let alerts = 0;
  let bars = 0;
  const evaluations = written.length * studies * barsInPass;
  const rates = await compare(
    [
      {
        name: 'two comparisons (floor)',
        pass: () => {
          let met = 0;
          for (const rows of batches)
            for (const row of rows)
              for (const _ of written) {
                if (Math.abs(row.z ?? 0) >= 2 && (row.returnCorrelation ?? 0) >= 0.5) met++;
              }
          return met;
        },
      },
      {
        name: 'evaluateRows',
        pass: () => {
          later();
          let found = 0;
          // A batch is the close of one bar: a row of each study.
          for (const rows of batches) {
            const evaluation = evaluateRows(watches, rows);
            evaluation.commit();
            found += evaluation.findings.length;
          }
          alerts += found;
          bars += barsInPass;
          return found;
        },
      },
    ],
    evaluations,
    effort,
  );
  const rows = rates.map(({ name, perSecond, ratio }) => [name, spread(perSecond), spread(ratio, '×')]);
  const share = alerts / (bars * studies * written.length);
  return {
    text: table(
      [
        `rules × studies (${written.length} × ${studies}, an alert in ${Math.round(1 / share)})`,
        'evaluations per CPU second',
        'ratio to the floor',
      ],
      rows,
    ),
    data: { rules: written.length, studies, share, ...effort, results: rates },
  };
}

/** The presets on rows, each at two levels. */
function rulesOf(): Rule[] {
  const {
    divergence,
    'mean-reversion': mean,
    'high-deviation': high,
    'stationary-only': stationary,
  } = presets;
  const all = [
    divergence.rule(),
    divergence.rule({ z: 2.5, correlation: 0.7 }),
    mean.rule(),
    mean.rule({ entry: 1.5, exit: 0.5 }),
    high.rule(),
    high.rule({ z: 4 }),
    stationary.rule(),
    stationary.rule({ z: 1.5, p: 0.01 }),
    presets['low-liquidity'].rule(),
    presets['low-liquidity'].rule({ share: 0.1 }),
  ];
  return all.map((rule, index) => ({ ...rule, id: `rule-${index}`, scope: 'all' }));
}

/** Rows whose z comes and goes as that of a pair does, by bar; `later` moves all of them on, so that none is old. */
function rowsOf(seed: number): { batches: Analytics[][]; later: () => void } {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const zs = Array.from({ length: studies }, () => 0);
  const batches = Array.from({ length: barsInPass }, (_, bar) =>
    zs.map((z, index): Analytics => {
      const next = 0.9 * z + 1.5 * random();
      zs[index] = next;
      return {
        ...blankAnalytics('live', `study-${index}`, bar * step),
        state: 'live',
        z: next,
        returnCorrelation: 0.7 + 0.5 * random(),
        cointegrationP: 0.5 + random(),
        emptyShare: Math.max(0, 0.2 * random()),
        inhibitions: [],
      };
    }),
  );
  const later = () => {
    for (const rows of batches) for (const row of rows) row.time += barsInPass * step;
  };
  return { batches, later };
}
