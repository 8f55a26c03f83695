import { type Alert, type Analytics, type Delivery, type Rule, subjects } from '@tandem/common';
import type { ServiceContext } from '@tandem/runtime';
import { alertId, annotated, type Circumstances, retiredRow } from './core/alert-row.ts';
import { type Bar, stateFromAlerts } from './core/rule-machine.ts';
import type { Deliveries } from './delivery/deliveries.ts';

/** Newest alerts that are looked at to know how a rule stands. */
export const lookBack = 20;

export interface AlertDeskOptions {
  readonly dataset: string;
  readonly deliveries: Pick<Deliveries, 'rowsFor' | 'send'>;
  /** Why nobody is to be told of an alert at this moment; undefined if they are. */
  silenced(alert: Alert, now: number): string | undefined;
  /** Told of each alert that is new. */
  onAlert(alert: Alert): void;
}

/** An alert to be raised, and who is to be told. */
export interface Raising {
  readonly alert: Alert;
  readonly endpoints: Rule['endpoints'];
  /** Of an end: time of its firing, where an earlier version of the rule may have raised that, and told others. */
  readonly firedBefore?: number | undefined;
}

/** What is stored of an alert that may be found once more. */
interface Known {
  readonly alert: Alert;
  readonly deliveries: readonly Delivery[];
  /** Stored, and not yet handed over. */
  readonly waiting: readonly Delivery[];
}

/**
 * Stores alerts with their deliveries in one write, then publishes, then delivers them. An alert that is found again,
 * after a crash or a failed batch, stays as it was first stored.
 */
export class AlertDesk {
  readonly #context: Pick<ServiceContext, 'store' | 'bus' | 'clock'>;
  readonly #options: AlertDeskOptions;
  readonly #known = new Map<string, Known>();

  constructor(context: Pick<ServiceContext, 'store' | 'bus' | 'clock'>, options: AlertDeskOptions) {
    this.#context = context;
    this.#options = options;
  }

  get now(): number {
    return (this.#context.clock ?? Date.now)();
  }

  /** Takes note of stored alerts that an evaluation may find again. */
  async recall(alerts: readonly Alert[]): Promise<void> {
    const { dataset } = this.#options;
    for (const alert of alerts) {
      const deliveries = await this.#context.store.query('deliveries', {
        where: { dataset, alert: alert.id },
        from: alert.time,
        to: alert.time + 1,
      });
      // Those that are pending are taken up by whoever recovers deliveries.
      this.#known.set(alert.id, { alert, deliveries, waiting: [] });
    }
  }

  /** Whether an alert was stored before and may be found again. */
  knows(id: string): boolean {
    return this.#known.has(id);
  }

  /** Resolves when all are durable and published. May be repeated after a failure, until `settle`. */
  async raise(raisings: readonly Raising[]): Promise<void> {
    if (raisings.length === 0) return;
    const { store, bus } = this.#context;
    const { deliveries, silenced, onAlert } = this.#options;
    const now = this.now;
    const made: Alert[] = [];
    const rows: Delivery[] = [];
    const recipients = await Promise.all(raisings.map((one) => this.#recipientsOf(one)));
    const taken = raisings.map(({ alert: found }, at): Known => {
      const endpoints = recipients[at] ?? 'all';
      const before = this.#known.get(found.id);
      const alert = before?.alert ?? found;
      if (before === undefined) made.push(alert);
      const known = before?.deliveries ?? [];
      const added = deliveries.rowsFor(alert, endpoints, known, silenced(alert, now));
      rows.push(...added);
      return { alert, deliveries: [...known, ...added], waiting: [...(before?.waiting ?? []), ...added] };
    });
    await store.write([
      { table: 'alerts', rows: made },
      { table: 'deliveries', rows },
    ]);
    for (const known of taken) this.#known.set(known.alert.id, known);
    for (const alert of made) onAlert(alert);
    await Promise.all(taken.map(({ alert }) => bus.publish(subjects.alerts(alert.rule, alert.study), alert)));
    for (const known of taken) {
      deliveries.send(known.alert, known.waiting);
      this.#known.set(known.alert.id, { ...known, waiting: [] });
    }
  }

  /** Who was told of a firing is told of its end. */
  async #recipientsOf({ alert, endpoints, firedBefore }: Raising): Promise<Rule['endpoints']> {
    if (firedBefore === undefined || endpoints === 'all') return endpoints;
    const { dataset, rule, study } = alert;
    const firing = { id: alertId(dataset, rule, study, firedBefore, 'firing'), time: firedBefore };
    return [...new Set([...endpoints, ...(await this.#toldOf(dataset, firing))])];
  }

  async #toldOf(dataset: string, { id, time }: Pick<Alert, 'id' | 'time'>): Promise<string[]> {
    const { store } = this.#context;
    const where = { dataset, alert: id };
    const told = await store.query('deliveries', { where, from: time, to: time + 1 });
    return told.map(({ endpoint }) => endpoint);
  }

  /** Ends what a rule fires on a study, or the feed of a slug, if it does: nothing else will. `bar`: the newest known. */
  async retire(rule: string, study: string, bar: Bar, circumstances: Circumstances): Promise<void> {
    const { store } = this.#context;
    const { dataset } = this.#options;
    await store.settled('alerts');
    const newest = await store.query('alerts', {
      where: { dataset, rule, study },
      order: 'descending',
      limit: lookBack,
    });
    if (stateFromAlerts(newest, 1)?.state.phase !== 'firing') return;
    const firing = newest.find(({ transition }) => transition === 'firing') as Alert;
    const alert = retiredRow(firing, bar, circumstances);
    await this.raise([{ alert, endpoints: await this.#toldOf(dataset, firing) }]);
    this.settle([alert]);
  }

  /** What was raised will not be found again: it is forgotten here. */
  settle(alerts: readonly Alert[]): void {
    for (const { id } of alerts) this.#known.delete(id);
  }

  /** Notes at the alerts of these rows what the rows say now, and publishes those that changed. Returns how many did. */
  async annotate(rows: readonly Analytics[]): Promise<number> {
    if (rows.length === 0) return 0;
    const { store, bus } = this.#context;
    const changed: Alert[] = [];
    await store.settled('alerts');
    for (const study of new Set(rows.map((row) => row.study))) {
      const own = new Map(rows.filter((row) => row.study === study).map((row) => [row.time, row]));
      const times = [...own.keys()];
      const alerts = await store.query('alerts', {
        where: { dataset: this.#options.dataset, study },
        from: Math.min(...times),
        to: Math.max(...times) + 1,
      });
      for (const alert of alerts) {
        const row = own.get(alert.time);
        const next = row === undefined ? undefined : annotated(alert, row);
        if (next !== undefined) changed.push(next);
      }
    }
    if (changed.length === 0) return 0;
    await store.write([{ table: 'alerts', rows: changed }]);
    await Promise.all(changed.map((alert) => bus.publish(subjects.alerts(alert.rule, alert.study), alert)));
    return changed.length;
  }
}
