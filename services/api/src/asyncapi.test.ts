import { Parser } from '@asyncapi/parser';
import { streams } from '@tandem/common';
import { expect, it } from 'vitest';
import { asyncApi } from './asyncapi.ts';

it('the AsyncAPI document is valid, and names every stream', async () => {
  const document = asyncApi('1.2.3');
  const { diagnostics } = await new Parser().parse(JSON.stringify(document));
  const errors = diagnostics.filter(({ severity }) => severity === 0);
  expect(errors.map(({ message, path }) => `${path.join('.')}: ${message}`)).toEqual([]);
  for (const stream of Object.keys(streams))
    expect(JSON.stringify(document)).toContain(`the stream ${stream}.`);
});
