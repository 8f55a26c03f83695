import { subjects } from '@tandem/common';
import { expect, it } from 'vitest';
import { bar, origin, study } from '../rows.fixture.ts';
import { emptyModel, take } from './model.ts';
import { formingOf, liveOf } from './provisional.ts';

const live = { study: study.id, time: origin, z: 2, spread: 1, yClose: 1, xClose: 1, provisional: true };
const counts = Object.fromEntries(
  ['frames', 'ticks', 'filtered', 'duplicates', 'malformed', 'refused', 'gaps', 'repaired', 'reconnects'].map(
    (name) => [name, 0],
  ),
);
const feed = (at: number, lastTime: number) => ({
  ...{ venue: 'binance-usdm', symbol: 'BTCUSDT', state: 'live', at, detail: '', retryAt: null, lastId: '1' },
  ...{ lastTime, watermark: null, lag: null, counts },
});

it('a provisional z or bar is not shown as the last once trades come and nobody works it out', () => {
  const model = emptyModel();
  const hear = (second: number, lastTrade: number) =>
    take(
      model,
      subjects.feeds('binance-usdm', 'BTCUSDT'),
      feed(origin + second * 1_000, lastTrade),
      origin + second * 1_000,
    );
  const shown = () => [liveOf(model, study)?.z, formingOf(model, study.interval, study.y)?.close];
  take(model, subjects.live(study.id), live, origin);
  take(model, subjects.forming('1m', 'binance-usdm', 'BTCUSDT'), bar(0, 7), origin);
  hear(1, origin);
  expect(shown()).toEqual([2, 7]);
  // A quiet market: the last price is still the last, however long ago.
  hear(60, origin);
  for (let second = 61; second < 70; second += 1) hear(second, origin + second * 1_000);
  expect(shown()).toEqual([2, 7]);
  hear(70, origin + 70_000);
  expect(shown()).toEqual([undefined, undefined]);
  take(model, subjects.live(study.id), { ...live, z: 3 }, origin + 70_500);
  expect(shown()).toEqual([3, undefined]);
});
