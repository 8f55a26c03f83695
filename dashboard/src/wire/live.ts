import { Alert, parseInstrument, type ServerFrame, type Study, subjects } from '@tandem/common';
import { offsetAnswered, offsetHeard } from '../state/clock-offset.ts';
import { connectionAfter, isDue, isSilent } from '../state/connection.ts';
import { emptyDetail, forget, type Model, take } from '../state/model.ts';
import { isOfAnother, Status } from '../state/status.ts';
import { poll } from './poll.ts';
import { ask } from './rest.ts';
import { type LiveSocket, openSocket } from './socket.ts';
import { stored } from './stored.ts';

const everyStudy = ['analytics.>', 'live.>', 'alerts.>', 'feeds.>'];
/** A line that went away while the page connects may say nothing for minutes: another attempt is better, ms. */
const connectingLimit = 10_000;

/** Keeps the model fed: the stream for what is new, REST for what was before it. */
export interface Live {
  start(): void;
  watch(study: Study): void;
  /** Called each second: retries, silence, status. */
  tick(): void;
  retryNow(): void;
}

export function live(model: Model, changed: () => void, raised: (alert: Alert) => void): Live {
  let socket: LiveSocket | undefined;
  let connecting = 0;
  let legs: string[] = [];
  let refetch: ReturnType<typeof setTimeout> | undefined;
  const serverNow = () => Date.now() + model.offset;
  const history = stored(model, changed, raised);
  const status = poll(readStatus, takeStatus);

  function connect(): void {
    connecting = performance.now();
    socket = openSocket({
      open() {
        model.connection = connectionAfter(model.connection, { type: 'open', now: Date.now() });
        socket?.send({ type: 'subscribe', subjects: [...everyStudy, ...legs] });
        void status.again();
        changed();
      },
      frame: receive,
      lost() {
        model.connection = connectionAfter(model.connection, { type: 'lost', now: Date.now() });
        changed();
      },
    });
  }

  function receive(frame: ServerFrame): void {
    model.connection = connectionAfter(model.connection, { type: 'heard', now: Date.now() });
    if (frame.type === 'heartbeat') model.offset = offsetHeard(model.offset, frame.at, Date.now());
    if (frame.type === 'snapshot') {
      const known = new Set(model.alerts.map(({ id }) => id));
      takeAll(frame.messages);
      // From here on the stream tells everything; what was before comes from the store. Asked for any earlier, what
      // happens between its answer and the first word of the stream would be missing for good.
      history.read(model.alerts.filter(({ id }) => !known.has(id)));
    }
    if (frame.type === 'update') {
      takeAll(frame.messages);
      tellOf(frame.messages);
      if (frame.skipped > 0) refetchSoon();
    }
    changed();
  }

  function takeAll(messages: readonly { subject: string; data: unknown }[]): void {
    for (const { subject, data } of messages) take(model, subject, data, serverNow());
  }

  /** Of the alerts that are new. */
  function tellOf(messages: readonly { subject: string; data: unknown }[]): void {
    for (const { subject, data } of messages) {
      const alert = subject.startsWith('alerts.') ? Alert.safeParse(data).data : undefined;
      if (alert !== undefined) raised(alert);
    }
  }

  /** Skipped messages leave holes in the charts; the store has them. */
  function refetchSoon(): void {
    if (refetch !== undefined) return;
    refetch = setTimeout(() => {
      refetch = undefined;
      history.read([]);
    }, 2_000);
  }

  async function readStatus(): Promise<Status> {
    const asked = Date.now();
    const answer = await ask('/status', Status);
    model.offset = offsetAnswered(model.offset, answer.at, asked, Date.now());
    return answer;
  }

  function takeStatus(): void {
    const { value, fault } = status.state;
    model.statusFault = fault?.message;
    if (value !== undefined && value !== model.status) {
      // Another server has come in the place of the former: nothing that was known is of it.
      if (model.status !== undefined && isOfAnother(model.status, value)) {
        forget(model);
        socket?.send({ type: 'subscribe', subjects: everyStudy });
      }
      model.status = value;
      for (const feed of value.feeds) take(model, subjects.feeds(feed.venue, feed.symbol), feed, serverNow());
    }
    changed();
  }

  return {
    start: connect,
    watch(study) {
      if (model.detail?.study === study.id) return;
      if (legs.length > 0) socket?.send({ type: 'unsubscribe', subjects: legs });
      legs = [study.y, study.x].flatMap((instrument) => legSubjects(instrument, study));
      model.detail = emptyDetail(study.id);
      socket?.send({ type: 'subscribe', subjects: legs });
      // Without a stream there is no snapshot to wait for; what is stored is shown, or why it cannot be read.
      if (model.connection.phase !== 'open') history.read([]);
    },
    tick() {
      const now = Date.now();
      const { connection } = model;
      const hangs = connection.phase === 'connecting' && performance.now() - connecting >= connectingLimit;
      if (hangs || isSilent(connection, now)) socket?.close();
      if (isDue(connection, now)) this.retryNow();
      if (connection.phase !== 'open' || document.hidden) return;
      status.tick();
      history.tick();
    },
    retryNow() {
      if (model.connection.phase !== 'waiting') return;
      model.connection = connectionAfter(model.connection, { type: 'retry', now: Date.now() });
      connect();
      changed();
    },
  };
}

function legSubjects(instrument: string, study: Study): string[] {
  const parts = parseInstrument(instrument);
  if (parts === undefined) return [];
  const { venue, symbol } = parts;
  return [subjects.bars(study.interval, venue, symbol), subjects.forming(study.interval, venue, symbol)];
}
