import { clock, duration } from '../words/format.ts';
import type { Model } from './model.ts';

/** What must be said above everything else, or undefined. */
export function bannerOf(model: Model, now: number): string | undefined {
  const { connection, offset, refused } = model;
  if (connection.phase === 'waiting') {
    const wait = Math.max(0, Math.ceil((connection.retryAt - now) / 1_000));
    return `Connection lost at ${clock(connection.lostAt + offset)} UTC. The numbers below are frozen. Next attempt in ${wait} s.`;
  }
  if (connection.phase === 'connecting' && connection.lostAt !== undefined) {
    return `Connection lost at ${clock(connection.lostAt + offset)} UTC. The numbers below are frozen. Connecting …`;
  }
  if (refused > 0)
    return 'The server says what this page does not understand, and some of it is missing: reload the page.';
  if (model.statusFault !== undefined) return `The server's status is missing: ${model.statusFault}`;
  return undefined;
}

/** What the page still waits for, in words; undefined when nothing is missing. */
export function missingOf(model: Model): string | undefined {
  if (model.status === undefined) {
    return model.connection.phase === 'open'
      ? 'Connected. Waiting for the list of studies.'
      : 'Connecting to the server. Waiting for studies, prices and analytics.';
  }
  if (model.status.studies.length === 0) return 'No study is defined yet: add one in the settings.';
  if (model.detail === undefined) return 'Choose a study from the table.';
  if (model.detail.fault !== undefined) return `The history is missing: ${model.detail.fault}`;
  if (!model.detail.loaded) return 'Reading the history of this study …';
  if (model.detail.rows.length === 0 && model.detail.y.length === 0)
    return 'No bar of this study has closed yet. Bars appear here as they close.';
  if (model.detail.rows.length === 0)
    return 'Bars arrive; the first analytics row comes when both legs have closed a bar.';
  return undefined;
}

/** The line beside the page's name: how the page itself is connected. */
export function linkWords(model: Model, now: number): string {
  const { connection } = model;
  if (connection.phase === 'open') return `connected, heard ${duration(now - connection.heardAt)} ago`;
  return connection.phase === 'waiting' ? 'not connected' : 'connecting …';
}
