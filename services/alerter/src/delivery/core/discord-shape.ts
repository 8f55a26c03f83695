import type { Alert } from '@tandem/common';
import { cut, inParts } from './cut.ts';
import { factsOf, type Telling } from './facts.ts';

/** The most that Discord takes of each part, letters; of an embed, fields; of a message, letters in all. */
const most = { title: 256, description: 2_000, name: 100, value: 300, fields: 25, all: 6_000 };

/** Blue and orange, as on the page; grey for what is over. */
const colours = { SHORT_SPREAD: 0xd5_5e_00, LONG_SPREAD: 0x00_72_b2, none: 0x8a_63_d2, over: 0x80_80_80 };

/** A message for Discord's webhooks: an embed, and more of them for what does not fit into one. It mentions nobody. */
export function discordBody(telling: Telling): object {
  const { alert } = telling;
  const { title, legs, rule, facts, url } = factsOf(telling);
  const escapedTitle = escaped(title, most.title);
  const description = [legs, rule]
    .filter((part) => part !== undefined)
    .map((part) => escaped(part, most.description))
    .join('\n');
  const fields: { name: string; value: string; inline: boolean }[] = [];
  let letters = escapedTitle.length + description.length;
  for (const fact of facts) {
    const name = escaped(fact.name, most.name) || '–';
    const value = escaped(fact.value, most.value) || '–';
    letters += name.length + value.length;
    if (letters > most.all) break;
    fields.push({ name, value, inline: true });
  }
  const color = colourOf(alert);
  const [first = [], ...rest] = inParts(fields, most.fields);
  return {
    content: '',
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: escapedTitle,
        description,
        ...(url === undefined ? {} : { url }),
        color,
        timestamp: new Date(alert.time).toISOString(),
        fields: first,
      },
      ...rest.map((part) => ({ color, fields: part })),
    ],
  };
}

function colourOf({ transition, direction }: Alert): number {
  return transition === 'resolved' ? colours.over : colours[direction ?? 'none'];
}

/** Without mentions, Markdown and links: a backslash before each mark, and what calls people broken by a space of no width. */
function escaped(text: string, length: number): string {
  return cut(text, length, (part) =>
    part.replaceAll(/[\\*_~`|>#[\]()<:]/g, '\\$&').replaceAll('@', '@\u200B'),
  );
}
