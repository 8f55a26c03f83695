import type { Log } from '@tandem/runtime';
import type { NextFunction, Request, Response } from 'express';

const wrongRequest = 'The request is not well formed.';
/** What is wrong with a body, by what its parser calls it. */
const wrongBodies: Readonly<Record<string, string>> = {
  'entity.parse.failed': 'The body is not JSON, or not an object or list.',
  'entity.too.large': 'The body is too large.',
  'encoding.unsupported': 'The body is in an encoding that is not known here.',
  'charset.unsupported': 'The body must be UTF-8.',
};

/** Answers what nobody else has answered. */
export function lastResort(log: Log, fail: (response: Response, status: number, error: string) => void) {
  return (fault: unknown, _request: Request, response: Response, _next: NextFunction): void => {
    const status = (fault as { status?: unknown }).status;
    if (typeof status === 'number' && status >= 400 && status < 500) {
      fail(response, status, wrongBodies[String((fault as { type?: unknown }).type)] ?? wrongRequest);
      return;
    }
    log.error({ request: response.locals.id, err: fault }, 'a request failed');
    if (response.headersSent) response.destroy();
    else fail(response, 500, 'Something failed inside; the log has the reason under this id.');
  };
}
