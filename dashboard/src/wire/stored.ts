import { Alert, Analytics, Bar, Gap, type Study } from '@tandem/common';
import { z } from 'zod';
import { alertLimit, type Detail, type Model, takeAlertHistory, takeHistory } from '../state/model.ts';
import { seriesLimit } from '../state/series.ts';
import { endOf } from '../words/alert.ts';
import { ask, faultSentence } from './rest.ts';

const rowsOf = <Row extends z.ZodType>(row: Row) => z.object({ rows: z.array(row) });
const spacing = 5_000;

/** What was before the stream, and what it has left out. */
export interface Stored {
  /** Asks for everything that is shown. `unheard`: alerts that a snapshot brought and that were raised meanwhile. */
  read(unheard: readonly Alert[]): void;
  /** Called each second: what is missing is asked for again, and gaps, which change behind the stream's back. */
  tick(): void;
}

/** `raised` is told of alerts that were raised while the page could not hear of them and are not over. */
export function stored(model: Model, changed: () => void, raised: (alert: Alert) => void): Stored {
  let asked = Number.NEGATIVE_INFINITY;
  let gapsAsked = Number.NEGATIVE_INFINITY;
  /** Counts the questions for gaps: an older answer must not follow a newer one. */
  let gapsRound = 0;
  let missed: Alert[] = [];

  async function read(unheard: readonly Alert[]): Promise<void> {
    asked = performance.now();
    missed = [...missed, ...unheard];
    const { detail } = model;
    const study = studyOf(detail);
    await Promise.all([
      readAlerts(),
      detail !== undefined && study !== undefined ? readDetail(detail, study) : undefined,
    ]);
    changed();
  }

  async function readAlerts(): Promise<void> {
    const before = new Set(model.alerts);
    try {
      const { rows } = await ask(`/alerts?limit=${alertLimit}`, rowsOf(Alert));
      const known = new Set(model.alerts.map(({ id }) => id));
      const news = [...missed, ...rows.filter(({ id }) => !known.has(id))];
      missed = [];
      // What is there when the page is opened is no news.
      const tell = model.alertsLoaded ? news.filter((alert) => endOf(alert, rows) === undefined) : [];
      takeAlertHistory(model, rows, before);
      for (const alert of tell) raised(alert);
    } catch (fault) {
      model.alertsFault = faultSentence(fault);
    }
  }

  async function readDetail(detail: Detail, study: Study): Promise<void> {
    const bars = (instrument: string) =>
      ask(
        `/bars?instrument=${encodeURIComponent(instrument)}&interval=${study.interval}&limit=${seriesLimit}`,
        rowsOf(Bar),
      );
    try {
      const before = { ...detail };
      const [rows, y, x] = await Promise.all([
        ask(`/analytics?study=${encodeURIComponent(study.id)}&limit=${seriesLimit}`, rowsOf(Analytics)),
        bars(study.y),
        bars(study.x),
        readGaps(detail, study),
      ]);
      takeHistory(detail, { rows: rows.rows, y: y.rows, x: x.rows }, before);
      detail.fault = undefined;
    } catch (fault) {
      detail.fault = faultSentence(fault);
    }
  }

  async function readGaps(detail: Detail, study: Study): Promise<void> {
    gapsAsked = performance.now();
    gapsRound += 1;
    const own = gapsRound;
    const legs = [study.y, study.x].map((instrument) =>
      ask(`/gaps?instrument=${encodeURIComponent(instrument)}&limit=500`, rowsOf(Gap)),
    );
    const gaps = (await Promise.all(legs)).flatMap(({ rows }) => rows);
    if (own === gapsRound) detail.gaps = gaps;
  }

  const studyOf = (detail: Detail | undefined): Study | undefined =>
    model.status?.studies.find((one) => one.id === detail?.study);

  return {
    read: (unheard) => void read(unheard),
    tick() {
      const { detail } = model;
      const study = studyOf(detail);
      const lacking =
        model.alertsFault !== undefined ||
        (detail !== undefined && (detail.fault !== undefined || !detail.loaded));
      if (lacking && performance.now() - asked >= spacing) void read([]);
      else if (detail?.loaded && study !== undefined && performance.now() - gapsAsked >= spacing)
        readGaps(detail, study).then(changed, () => undefined);
    },
  };
}
