export type { RecordingOptions } from './detect.ts';
export { readRecording } from './read-recording.ts';
export { type Recorded, type RecordOptions, recordFrames } from './record-frames.ts';
export type { RecordedEvent, RecordedPrint } from './recorded-event.ts';
export { RecordingError } from './recording-error.ts';
export { type ReplayBatch, type ReplayOptions, replayMessages } from './replay.ts';
export { emptySummary, type InstrumentSummary, type ReplaySummary } from './summary.ts';
