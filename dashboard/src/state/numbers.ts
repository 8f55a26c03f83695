import { type Analytics, intervalMs, type LiveStudy, type Metric, type Study } from '@tandem/common';
import { type Defined, definitionOf } from '../words/definitions.ts';
import { barCount, clock, duration, fixed, probability, significant } from '../words/format.ts';
import { partsWords } from '../words/quality.ts';
import { absenceText } from './tile.ts';

/** One of the at most nine numbers of a study. */
export interface NumberTile {
  readonly name: string;
  readonly value: string;
  /** Uncertainty, or why there is no number. */
  readonly note: string;
  /** Name, formula, window, source and the API call that returns it. */
  readonly title: string;
}

/** A study's numbers with what they stand on beside them; before any study is known, their empty places. */
export function numbersOf(
  study: Study | undefined,
  row: Analytics | undefined,
  live: LiveStudy | 'frozen' | undefined,
): NumberTile[] {
  const length = study === undefined ? 0 : intervalMs[study.interval];
  const why = (metric: Metric, note: string): string =>
    row === undefined ? 'no bar yet' : row[metric] === null ? absentNote(row, metric, length) : note;
  const provisional =
    live !== undefined && live !== 'frozen' && live.time > (row?.time ?? -1) ? live : undefined;
  const tile = (name: string, defined: Defined, value: string, note: string, more = ''): NumberTile => ({
    name,
    value,
    note,
    title: study === undefined ? name : `${definitionOf(defined, study)}${more}`,
  });
  return [
    tile('z', 'z', fixed(row?.z, 2), why('z', 'confirmed')),
    tile('z forming', 'zForming', fixed(provisional?.z, 2), formingNote(provisional, live === 'frozen')),
    tile('Spread', 'spread', significant(row?.spread, 4), why('spread', spreadNote(study, row))),
    tile('β', 'beta', significant(row?.beta, 4), why('beta', betaNote(study, row, length))),
    tile(
      'Return corr.',
      'returnCorrelation',
      fixed(row?.returnCorrelation, 3),
      why('returnCorrelation', `least ${fixed(study?.correlation, 2)}`),
    ),
    tile(
      'Half-life',
      'halfLife',
      row?.halfLife == null ? fixed(null, 0) : `${barCount(row.halfLife)} bars`,
      why('halfLife', halfLifeNote(row, length)),
    ),
    tile(
      'Coint. p',
      'cointegration',
      probability(row?.cointegrationP),
      why('cointegrationP', cointegrationNote(row)),
    ),
    tile(
      'Quality',
      'quality',
      fixed(row?.quality, 0),
      why('quality', row?.regime ?? 'regime not known'),
      partsWords(row?.qualityParts),
    ),
    tile(
      'Edge bps',
      'edge',
      fixed(row?.edgeBps, 1),
      why('edgeBps', (row?.edgeBps ?? 0) < 0 ? 'costs exceed it' : 'after all costs'),
    ),
  ];
}

function formingNote(live: LiveStudy | undefined, frozen: boolean): string {
  if (live === undefined) return frozen ? 'not live' : 'no trade yet';
  return live.z === null ? 'no fit yet' : 'provisional';
}

/** The deviation, and the mean where it is not 0 by construction. */
function spreadNote(study: Study | undefined, row: Analytics | undefined): string {
  const deviation = `± ${significant(row?.spreadDeviation, 3)}`;
  if (study?.method === 'ols' || study?.method === 'tls') return deviation;
  return `mean ${significant(row?.spreadMean, 4)} ${deviation}`;
}

function betaNote(study: Study | undefined, row: Analytics | undefined, length: number): string {
  if (row === undefined || study === undefined) return '';
  if (row.betaError !== null) return `± ${significant(row.betaError, 2)}`;
  if (study.method === 'fixed') return 'fixed, no error';
  if (row.absent.betaError?.reason === 'not-offered') return `${study.method.toUpperCase()} has no error`;
  return `no error: ${absentNote(row, 'betaError', length)}`;
}

function absentNote(row: Analytics, metric: Metric, length: number): string {
  const absence = row.absent[metric];
  return absence === undefined ? 'warming' : absenceText(absence, length);
}

function halfLifeNote(row: Analytics | undefined, length: number): string {
  if (row?.halfLife == null) return '';
  const { halfLife, halfLifeLow: low, halfLifeHigh: high } = row;
  const interval = low === null || high === null ? '' : `, 95 % ${barCount(low)}–${barCount(high)}`;
  return `${duration(halfLife * length)}${interval}`;
}

function cointegrationNote(row: Analytics | undefined): string {
  if (row === undefined) return '';
  const bar = row.testedAt === null ? '' : `, bar ${clock(row.testedAt)}`;
  return `x on y ${probability(row.cointegrationReverseP)}${bar}`;
}
