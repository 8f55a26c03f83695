import type { IncomingMessage, ServerResponse } from 'node:http';
import { readFault } from './fault.ts';
import type { FaultRates } from './fault-plan.ts';
import { faultPlan } from './fault-plan.ts';
import type { Faults } from './faults.ts';

const mostBytes = 64 * 1024;

/** `GET /control/state`; `POST /control/faults` with a fault, a list of faults, `{plan:{seed,…rates}}` or `{clear:true}`. */
export async function answerControl(
  request: IncomingMessage,
  response: ServerResponse,
  faults: Faults,
  state: () => object,
): Promise<void> {
  const path = (request.url ?? '').split('?')[0];
  if (path === '/control/state' && request.method === 'GET') return reply(response, 200, state());
  if (path !== '/control/faults' || (request.method !== 'POST' && request.method !== 'GET'))
    return reply(response, 404, { error: 'use GET /control/state or POST /control/faults' });
  if (request.method === 'POST') {
    // A page in a browser can post only forms and plain text without asking first.
    if (!request.headers['content-type']?.startsWith('application/json'))
      return reply(response, 415, { error: 'send the faults as application/json' });
    try {
      apply(JSON.parse(await bodyOf(request)), faults);
    } catch (error) {
      return reply(response, 400, { error: (error as Error).message });
    }
  }
  reply(response, 200, { active: faults.active });
}

function apply(order: unknown, faults: Faults): void {
  const { clear, plan } = (order ?? {}) as { clear?: unknown; plan?: FaultRates & { seed?: number } };
  if (clear === true) faults.clear();
  else if (plan !== undefined) faults.follow(faultPlan(plan.seed ?? 1, plan));
  else for (const fault of (Array.isArray(order) ? order : [order]).map(readFault)) faults.inject(fault);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > mostBytes) throw new Error(`the body is longer than ${mostBytes} bytes`);
  }
  return text;
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
