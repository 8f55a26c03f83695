/** What a worker thread is told to compute. */
export interface WorkOrder {
  readonly method: string;
  readonly input: unknown;
}

/** What a worker thread says: how far it is (0 to 1), and then one answer or one fault. */
export type WorkReport =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'answer'; readonly answer: unknown }
  | {
      readonly kind: 'fault';
      /** A sentence for the user. */
      readonly message: string;
      /** The code of an `InputError`; null for a defect. */
      readonly code: string | null;
    };
