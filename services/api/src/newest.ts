/** One message, serialised at most once however many clients get it. */
export interface Published {
  readonly subject: string;
  /** Order of arrival at this process. */
  readonly sequence: number;
  text(): string;
}

/** The newest message of each subject. */
export interface Newest {
  /** `sequence` 0 marks what was known before the first message arrived; it never replaces a message. */
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
      bySubject.delete(subject);
      bySubject.set(subject, message);
      if (bySubject.size > capacity) bySubject.delete(bySubject.keys().next().value!);
      return message;
    },
    seed(subject, data) {
      if (!bySubject.has(subject)) bySubject.set(subject, published(subject, data, 0));
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
    data,
    text() {
      text ??= `{"subject":${JSON.stringify(subject)},"data":${JSON.stringify(data)}}`;
      return text;
    },
  };
}
