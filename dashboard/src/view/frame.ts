import { intervalMs } from '@tandem/common';
import { type View, views } from '../state/address.ts';
import { bannerOf, linkWords } from '../state/banner.ts';
import type { Model } from '../state/model.ts';
import { stripOf } from '../state/strip.ts';
import { badgeWords } from '../words/badge.ts';
import { clock } from '../words/format.ts';
import { byId, setAttribute, setText } from './element.ts';
import { showStrip } from './strip.ts';

/** Draws what every view has: the badge, the connection, the status strip and the way to the other views. */
export function showFrame(model: Model, view: View): void {
  const now = Date.now() + model.offset;
  showHead(model, now);
  showStrip(byId('strip'), stripOf(model, now));
  for (const one of views) byId(one).hidden = one !== view;
  for (const link of byId('views').querySelectorAll('a'))
    setAttribute(link, 'aria-current', link.dataset.view === view ? 'page' : 'false');
}

function showHead(model: Model, now: number): void {
  const { badge } = model.status ?? { badge: undefined };
  const node = byId('badge');
  setAttribute(node, 'data-kind', badge?.kind ?? 'UNKNOWN');
  setText(
    node.querySelector('b')!,
    badge?.kind ?? (model.connection.phase === 'open' ? 'NO STATUS YET' : 'NOT CONNECTED'),
  );
  setText(node.querySelector('span')!, badgeText(model));
  setAttribute(node, 'title', badgeText(model));
  setText(byId('clock'), `${clock(now)} UTC`);
  setText(byId('link'), linkWords(model, Date.now()));
  const banner = bannerOf(model, Date.now());
  byId('banner').hidden = banner === undefined;
  setText(byId('banner-text'), banner ?? '');
  byId('retry').hidden = model.connection.phase !== 'waiting';
  setAttribute(document.body, 'data-link', model.connection.phase);
}

function badgeText(model: Model): string {
  if (model.status === undefined) return 'no word from the server yet';
  const { badge, instruments, studies } = model.status;
  const closes = studies.flatMap(({ id, interval }) => {
    const row = model.analytics.get(id);
    return row === undefined ? [] : [row.time + intervalMs[interval]];
  });
  const venues = [...new Set(instruments.map((one) => one.slice(0, one.indexOf(':'))))];
  const recorded = closes.length === 0 ? undefined : Math.max(...closes);
  return badgeWords({ ...badge, venues, recorded });
}
