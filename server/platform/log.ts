import { pino, stdSerializers, type DestinationStream, type Logger } from 'pino';

/** JSON lines on standard output; errors, under `error`, with their stack. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = { level, errorKey: 'error', serializers: { error: stdSerializers.err, err: stdSerializers.err } };
  return destination ? pino(options, destination) : pino(options);
}
