import type { Fault, Instrument, Rule, Study } from '@tandem/common';

/** What there is that a rule can name. */
export interface Named {
  readonly studies: readonly Study[];
  readonly instruments: readonly Instrument[];
  /** Ids of receivers; asked for only where a rule names some. */
  readonly endpoints: readonly string[];
}

/** What a rule names and there is not: it would watch nothing, or tell nobody, and nobody would know. */
export function unknownNames({ scope, endpoints }: Pick<Rule, 'scope' | 'endpoints'>, named: Named): Fault[] {
  const { studies, instruments } = named;
  const missing = (path: string, given: readonly string[], known: readonly string[], what: string): Fault[] =>
    given.flatMap((name, at) =>
      known.includes(name)
        ? []
        : [{ path: `${path}.${at}`, reason: `there is no ${what} ${JSON.stringify(name)}` }],
    );
  const watched = scope === 'all' ? {} : scope;
  const idsOf = studies.map(({ id }) => id);
  return [
    ...missing('scope.studies', watched.studies ?? [], idsOf, 'study'),
    ...missing(
      'scope.tags',
      watched.tags ?? [],
      studies.flatMap(({ tags = [] }) => tags),
      'study with the tag',
    ),
    ...missing('scope.instruments', watched.instruments ?? [], instruments, 'instrument'),
    ...(endpoints === 'all' ? [] : missing('endpoints', endpoints, named.endpoints, 'endpoint')),
  ];
}
