import {
  Alert,
  Analytics,
  Bar,
  Gap,
  parseInstrument,
  type ServerFrame,
  type Study,
  subjects,
} from '@tandem/common';
import { z } from 'zod';
import { connectionAfter, isSilent } from '../state/connection.ts';
import { type Detail, emptyDetail, type Model, take, takeAlerts, takeHistory } from '../state/model.ts';
import { seriesLimit } from '../state/series.ts';
import { Status } from '../state/status.ts';
import { ask, faultSentence } from './rest.ts';
import { type LiveSocket, openSocket } from './socket.ts';

const rowsOf = <Row extends z.ZodType>(row: Row) => z.object({ rows: z.array(row) });
const everyStudy = ['analytics.>', 'live.>', 'alerts.>', 'feeds.>'];

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
  let legs: string[] = [];
  let statusAsked = 0;
  let gapsAsked = 0;
  let historyAsked = 0;
  let refetch: ReturnType<typeof setTimeout> | undefined;
  const serverNow = () => Date.now() + model.offset;

  function connect(): void {
    socket = openSocket({
      open() {
        model.connection = connectionAfter(model.connection, { type: 'open', now: Date.now() });
        socket?.send({ type: 'subscribe', subjects: [...everyStudy, ...legs] });
        void readStatus();
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
    if (frame.type === 'heartbeat') model.offset = frame.at - Date.now();
    if (frame.type === 'snapshot' || frame.type === 'update') {
      for (const { subject, data } of frame.messages) take(model, subject, data, serverNow());
      // A snapshot is of before.
      if (frame.type === 'update') tellOf(frame.messages);
    }
    // From here on the stream tells everything; what was before comes from the store. Asked for any earlier, what
    // happens between its answer and the first word of the stream would be missing for good.
    if (frame.type === 'snapshot') void readHistory();
    if (frame.type === 'update' && frame.skipped > 0) refetchSoon();
    changed();
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
      void readHistory();
    }, 2_000);
  }

  async function readStatus(): Promise<void> {
    statusAsked = Date.now();
    try {
      const status = await ask('/status', Status);
      model.status = status;
      model.statusFault = undefined;
      model.offset = status.at - Date.now();
      for (const feed of status.feeds)
        take(model, subjects.feeds(feed.venue, feed.symbol), feed, serverNow());
    } catch (fault) {
      model.statusFault = faultSentence(fault);
    }
    changed();
  }

  async function readHistory(): Promise<void> {
    historyAsked = Date.now();
    const alerts = ask('/alerts?limit=200', rowsOf(Alert)).then(
      ({ rows }) => takeAlerts(model, rows),
      () => undefined,
    );
    const { detail } = model;
    const study = model.status?.studies.find((one) => one.id === detail?.study);
    if (detail !== undefined && study !== undefined) await readDetail(detail, study);
    await alerts;
    changed();
  }

  async function readDetail(detail: Detail, study: Study): Promise<void> {
    const bars = (instrument: string) =>
      ask(
        `/bars?instrument=${encodeURIComponent(instrument)}&interval=${study.interval}&limit=${seriesLimit}`,
        rowsOf(Bar),
      );
    try {
      const before = new Set(detail.rows);
      const [rows, y, x, gaps] = await Promise.all([
        ask(`/analytics?study=${encodeURIComponent(study.id)}&limit=${seriesLimit}`, rowsOf(Analytics)),
        bars(study.y),
        bars(study.x),
        askGaps(study),
      ]);
      takeHistory(detail, { rows: rows.rows, y: y.rows, x: x.rows, gaps }, before);
      detail.fault = undefined;
    } catch (fault) {
      detail.fault = faultSentence(fault);
    }
  }

  function lacksHistory(): boolean {
    const { detail } = model;
    return detail !== undefined && (detail.fault !== undefined || !detail.loaded);
  }

  /** Gaps open and are repaired behind the stream's back; a repaired one must not stay on the charts. */
  async function readGaps(): Promise<void> {
    gapsAsked = Date.now();
    const { detail } = model;
    const study = model.status?.studies.find((one) => one.id === detail?.study);
    if (detail === undefined || study === undefined || !detail.loaded) return;
    const gaps = await askGaps(study).catch(() => undefined);
    if (gaps === undefined) return;
    detail.gaps = gaps;
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
      if (model.connection.phase !== 'open') void readHistory();
    },
    tick() {
      const now = Date.now();
      const { connection } = model;
      if (isSilent(connection, now)) socket?.close();
      if (connection.phase === 'waiting' && now >= connection.retryAt) this.retryNow();
      if (connection.phase !== 'open' || document.hidden) return;
      if (now - statusAsked >= 2_000) void readStatus();
      if (now - gapsAsked >= 5_000) void readGaps();
      if (lacksHistory() && now - historyAsked >= 5_000) void readHistory();
    },
    retryNow() {
      if (model.connection.phase !== 'waiting') return;
      model.connection = connectionAfter(model.connection, { type: 'retry', now: Date.now() });
      connect();
      changed();
    },
  };
}

async function askGaps(study: Study): Promise<Gap[]> {
  const legs = [study.y, study.x].map((instrument) =>
    ask(`/gaps?instrument=${encodeURIComponent(instrument)}&limit=500`, rowsOf(Gap)),
  );
  return (await Promise.all(legs)).flatMap(({ rows }) => rows);
}

function legSubjects(instrument: string, study: Study): string[] {
  const parts = parseInstrument(instrument);
  if (parts === undefined) return [];
  const { venue, symbol } = parts;
  return [subjects.bars(study.interval, venue, symbol), subjects.forming(study.interval, venue, symbol)];
}
