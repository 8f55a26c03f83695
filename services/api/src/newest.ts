/** One message, serialised at most once however many clients get it. */
export interface Published {
  readonly subject: string;
  /** Order of arrival at this process. */
  readonly sequence: number;
  /** Of the bar, row or alert that it tells; undefined where it has none. */
  readonly time: number | undefined;
  text(): string;
}

/**
 * Whether `next`, which came later, is to stand for its subject instead of `known`. Amendments come behind what they lie
 * before: an older bar that was mended must not be taken for the newest.
 */
export function standsFor(next: Pick<Published, 'time'>, known: Pick<Published, 'time'>): boolean {
  return next.time === undefined || known.time === undefined || next.time >= known.time;
}

/** The newest message of each subject: the last that came of the latest time. */
export interface Newest {
  /** `sequence` 0 marks what was known before the first message arrived; it replaces only what is of an earlier time. */
  take(subject: string, data: unknown): Published;
  seed(subject: string, data: unknown): void;
  get(subject: string): Published | undefined;
  data(subject: string): unknown;
  values(): Iterable<Published>;
}

/** Subjects beyond `capacity` push out the one that has been silent longest: a flood of names cannot fill memory. */
export function newest(capacity = 20_000): Newest {
  const bySubject = new Map<string, Published & { data: unknown }>();
  let arrived = 0;
  return {
    take(subject, data) {
      arrived += 1;
      const message = published(subject, data, arrived);
      const known = bySubject.get(subject);
      bySubject.delete(subject);
      bySubject.set(subject, known === undefined || standsFor(message, known) ? message : known);
      if (bySubject.size > capacity) bySubject.delete(bySubject.keys().next().value!);
      return message;
    },
    seed(subject, data) {
      const message = published(subject, data, 0);
      const known = bySubject.get(subject);
      if (known === undefined || !standsFor(known, message)) bySubject.set(subject, message);
    },
    get: (subject) => bySubject.get(subject),
    data: (subject) => bySubject.get(subject)?.data,
    values: () => bySubject.values(),
  };
}

function published(subject: string, data: unknown, sequence: number): Published & { data: unknown } {
  let text: string | undefined;
  return {
    subject,
    sequence,
    time: timeOf(data),
    data,
    text() {
      text ??= `{"subject":${JSON.stringify(subject)},"data":${JSON.stringify(data)}}`;
      return text;
    },
  };
}

function timeOf(data: unknown): number | undefined {
  const { time } = (data ?? {}) as { time?: unknown };
  return typeof time === 'number' ? time : undefined;
}
