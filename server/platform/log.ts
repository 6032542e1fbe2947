import { pino, stdSerializers, type DestinationStream, type Logger } from 'pino';

/** So deep errors within errors are looked at. */
const DEPTH = 6;

/** JSON lines on standard output; errors, under `error`, with their stack. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = { level, errorKey: 'error', serializers: { error: toldError, err: toldError } };
  return destination ? pino(options, destination) : pino(options);
}

/** An error as the log has it. The Redis client hangs the whole command on its errors, with secrets and people's names in it: its name is told. */
function toldError(error: unknown): unknown {
  return error instanceof Error ? withoutArguments(error, DEPTH) : error;
}

function withoutArguments(value: unknown, depth: number): unknown {
  if (depth === 0) return undefined;
  if (Array.isArray(value)) return value.map((one) => withoutArguments(one, depth - 1));
  const told: unknown = value instanceof Error ? stdSerializers.err(value) : value;
  if (!isPlain(told, value)) return told;
  return Object.fromEntries(
    Object.entries(told).map(([key, inner]) => [
      key,
      key === 'command' && isCommand(inner) ? inner.name : withoutArguments(inner, depth - 1),
    ]),
  );
}

/** Buffers, dates and the like are left as they are. */
function isPlain(told: unknown, value: unknown): told is object {
  if (typeof told !== 'object' || told === null) return false;
  return value instanceof Error || 'stack' in told || Object.getPrototypeOf(told) === Object.prototype;
}

function isCommand(value: unknown): value is { name: string } {
  return typeof value === 'object' && value !== null && 'name' in value && 'args' in value;
}
