/** The longest text that is kept of an answer. */
const longest = 300;

/** A receiver's status in words; of a refusal (4xx) with the reason that its body gives. */
export function statusText(status: number, body: string): string {
  if (status >= 300 && status < 400) return `status ${status}: redirects are not followed`;
  const reason = status >= 400 && status < 500 ? answerText(body) : '';
  return reason === '' ? `status ${status}` : `status ${status}: ${reason}`;
}

/** Text of the outside world on one line: without what controls a terminal or turns the direction of writing, and of bounded length. */
export function answerText(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\uFFFD\s]+/gu, ' ').trim();
  const letters = [...line];
  return letters.length > longest ? `${letters.slice(0, longest - 1).join('')}…` : line;
}
