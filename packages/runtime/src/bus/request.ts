/** Calls `ask` and settles as it does, unless `timeout` ms pass or `closing` aborts first. */
export function answerWithin<Answer>(
  timeout: number,
  subject: string,
  closing: AbortSignal,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no answer from "${subject}" within ${timeout} ms`)),
      timeout,
    );
    const close = () => reject(closing.reason);
    closing.addEventListener('abort', close, { once: true });
    // Through a promise, so that a handler that throws at once rejects like one that throws later.
    Promise.resolve()
      .then(ask)
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        closing.removeEventListener('abort', close);
      });
  });
}
