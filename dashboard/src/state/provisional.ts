import { type Bar, instrumentOf, type LiveStudy, type Study } from '@tandem/common';
import { barKey, type Model, tradesKept } from './model.ts';

/** A study at the last prices; undefined where trades have come since of which it knows nothing. */
export function liveOf(model: Model, study: Pick<Study, 'id' | 'y' | 'x'>): LiveStudy | undefined {
  const live = model.live.get(study.id);
  return isFrozen(model, [study.y, study.x], model.provisionalHeard.get(study.id)) ? undefined : live;
}

/** The bar in progress of a leg, likewise. */
export function formingOf(model: Model, interval: Study['interval'], instrument: string): Bar | undefined {
  const bar = model.forming.get(`${interval} ${instrument}`);
  if (bar === undefined) return undefined;
  const heard = model.provisionalHeard.get(barKey(bar));
  return isFrozen(model, [instrumentOf(bar.venue, bar.symbol)], heard) ? undefined : bar;
}

/** Trades are followed by a provisional word within moments: where many were not, nobody works it out. */
function isFrozen(model: Model, instruments: readonly string[], heard = Number.NEGATIVE_INFINITY): boolean {
  return instruments.some((one) => {
    const since = (model.tradesHeard.get(one) ?? []).filter((at) => at > heard);
    return since.length >= tradesKept;
  });
}
