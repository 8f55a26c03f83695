import { cut, inParts } from './cut.ts';
import { type Fact, factsOf, type Telling } from './facts.ts';

/** The most that Slack takes of each part, letters; of a section, fields. Entities count as they are written. */
const most = { header: 150, section: 3_000, field: 2_000, fields: 10, text: 4_000 };

/** A message for Slack's incoming webhooks: a line for the notification, and blocks. */
export function slackBody(telling: Telling): object {
  const { title, legs, rule, facts, url } = factsOf(telling);
  const line = [title, legs, rule].filter((part) => part !== undefined).join(' · ');
  return {
    text: escaped(line, most.text),
    // What is plain stays plain: nothing is made bold, no page is fetched.
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: plain(title, most.header) },
      ...(legs === undefined ? [] : [{ type: 'section', text: plain(legs, most.section) }]),
      { type: 'section', text: plain(rule, most.section) },
      ...sections(facts),
      ...(url === undefined ? [] : [{ type: 'section', text: linkTo(url) }]),
    ],
  };
}

function sections(facts: readonly Fact[]): object[] {
  const fields = facts.map(({ name, value }) => plain(`${name}: ${value}`, most.field));
  // As a rule looks at 32 things at most, these are well below the 50 blocks that Slack takes.
  return inParts(fields, most.fields).map((part) => ({ type: 'section', fields: part }));
}

function plain(text: string, length: number): object {
  return { type: 'plain_text', text: escaped(text, length), emoji: false };
}

function linkTo(url: string): object {
  return { type: 'mrkdwn', text: `<${entities(url.replaceAll('|', '%7C'))}|Open the chart>`, verbatim: true };
}

/** Slack reads mentions and links between < and >, and entities after &; the three are all that it wants escaped. */
function escaped(text: string, length: number): string {
  return cut(text, length, entities);
}

function entities(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
