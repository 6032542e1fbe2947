import { pino, type Logger } from 'pino';

/** A logger whose lines can be looked at. */
export function listeningLog(): { log: Logger; lines: string[] } {
  const lines: string[] = [];
  const log = pino(
    { level: 'debug' },
    {
      write: (line: string) => {
        lines.push((JSON.parse(line) as { msg: string }).msg);
      },
    },
  );
  return { log, lines };
}
