import type { Shape } from '@tandem/common';
import { discordBody } from './discord-shape.ts';
import { chartUrl, type Telling } from './facts.ts';
import { slackBody } from './slack-shape.ts';

/** What is posted to an endpoint of a shape. The same alert has the same body, whenever it is sent. */
export function bodyOf(shape: Shape, telling: Telling): string {
  return JSON.stringify(bodies[shape](telling));
}

const bodies: Readonly<Record<Shape, (telling: Telling) => object>> = {
  json: jsonBody,
  slack: slackBody,
  discord: discordBody,
};

/** The alert as it is stored, with a type, and with the whole address of the chart where that is known. */
function jsonBody({ alert, page, test }: Telling): object {
  const link = chartUrl(page, alert.link) ?? alert.link;
  return { type: `alert.${test ? 'test' : alert.transition}`, ...alert, link };
}
