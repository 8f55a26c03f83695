/** A recording that cannot be read or written at all: the message is one sentence that names the file and says how to mend it. */
export class RecordingError extends Error {
  override name = 'RecordingError';
}
