/** Where a QuestDB server is, and as whom to speak to it. */
export interface QuestdbAddress {
  readonly host: string;
  /** Of HTTP: ILP and `/ping`. */
  readonly httpPort: number;
  /** Of PG wire. */
  readonly pgPort: number;
  readonly user: string;
  readonly password: string;
  /** Whether the URL names a user: only then HTTP is told who asks. */
  readonly named: boolean;
  /** What the names of the tables begin with, so that several Tandems can share a server. */
  readonly prefix: string;
}

/** How a URL of QuestDB is written. */
export const questdbForm = 'questdb://[USER:PASSWORD@]HOST[:9000][?pg=8812][&prefix=NAME_]';

/**
 * The address that `questdb://user:password@host:9000?pg=8812&prefix=name_` says; ports, user and prefix may be
 * left out (QuestDB's own defaults, no prefix). Throws one sentence about a part that makes no sense.
 */
export function questdbAddress(text: string): QuestdbAddress {
  const refuse = (why: string) => new Error(`the store's URL is refused: ${why}; write ${questdbForm}`);
  if (!URL.canParse(text)) throw refuse('it is no URL');
  const url = new URL(text);
  if (url.protocol !== 'questdb:') throw refuse('it does not begin with questdb://');
  if (url.hostname === '') throw refuse('it names no host');
  if (url.pathname !== '' && url.pathname !== '/') throw refuse('it has a path');
  for (const name of url.searchParams.keys()) {
    if (name !== 'pg' && name !== 'prefix') throw refuse(`it has an unknown part ${JSON.stringify(name)}`);
  }
  const pg = url.searchParams.get('pg') ?? '8812';
  if (!/^\d{1,5}$/.test(pg) || Number(pg) < 1 || Number(pg) > 65_535) throw refuse('pg is no port');
  const prefix = url.searchParams.get('prefix') ?? '';
  if (!/^([a-z][a-z0-9_]{0,39})?$/.test(prefix)) {
    throw refuse('prefix may have a to z, 0 to 9 and _, a letter first');
  }
  const named = url.username !== '';
  return {
    host: url.hostname,
    httpPort: Number(url.port || '9000'),
    pgPort: Number(pg),
    user: named ? decoded(url.username) : 'admin',
    password: named ? decoded(url.password) : 'quest',
    named,
    prefix,
  };
}

/** Whether a text is the address of a QuestDB server. */
export function isQuestdb(text: string): boolean {
  try {
    questdbAddress(text);
    return true;
  } catch {
    return false;
  }
}

/** The server, as messages name it: without the password. */
export function questdbName({ host, httpPort }: QuestdbAddress): string {
  return `QuestDB at ${host}:${httpPort}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
