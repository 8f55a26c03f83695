import { parseInstrument } from '@tandem/common';

/** The pairs that are studied where nobody names others. */
const usual = [
  ['BTC', 'ETH'],
  ['SOL', 'ETH'],
  ['BNB', 'BTC'],
] as const;
const quotes = ['USDT', '-USDT', '-USDT-SWAP', '-USD', 'USD'];

/**
 * The pairs to study in a recording: those named (`Y/X`, each a symbol or venue:SYMBOL of the recording), else the usual ones whose
 * legs it holds, on the same venue and against the same quote. Throws one sentence for a leg that it does not hold.
 */
export function pairsIn(
  instruments: readonly string[],
  named: string | undefined,
): { y: string; x: string }[] {
  if (named === undefined) return usualPairs(instruments);
  return named.split(',').map((pair) => {
    const [y = '', x = '', more] = pair.trim().split('/');
    if (x === '' || more !== undefined) {
      throw new Error(`--pairs "${pair}" is refused: write Y/X, for example BTCUSDT/ETHUSDT.`);
    }
    return { y: legOf(instruments, y), x: legOf(instruments, x) };
  });
}

function legOf(instruments: readonly string[], name: string): string {
  const found = instruments.filter((one) => one === name || parseInstrument(one)?.symbol === name);
  if (found.length === 1) return found[0] as string;
  const held = instruments.slice(0, 20).join(', ');
  throw new Error(
    found.length === 0
      ? `--pairs names ${name}, which the recording does not hold; it holds ${held}.`
      : `--pairs names ${name}, which several venues of the recording trade: write one of ${found.join(', ')}.`,
  );
}

function usualPairs(instruments: readonly string[]): { y: string; x: string }[] {
  const held = new Set(instruments);
  const venues = new Set(instruments.map((one) => one.slice(0, one.indexOf(':'))));
  return [...venues].flatMap((venue) =>
    quotes.flatMap((quote) =>
      usual
        .map(([y, x]) => ({ y: `${venue}:${y}${quote}`, x: `${venue}:${x}${quote}` }))
        .filter(({ y, x }) => held.has(y) && held.has(x)),
    ),
  );
}
