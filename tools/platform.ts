import { parseArgs } from 'node:util';
import { startPlatform } from '../demo/platform/referencePlatform.ts';
import { runTool } from './openRegion.ts';

const USAGE = `npm run platform -- [--port 8090] [--server http://127.0.0.1:8080] [--source urn:platform] [--pace SECONDS]

Stands in for an outside platform. Its page is at http://127.0.0.1:8090/, its webhook at /deliveries, its gateway for messages at /messages (docs/casework.md §4).
PLATFORM_SECRET: the secret that the connector was given; two with a space between them while it is being changed.
PLATFORM_TOKEN: an ingest token that names the platform and this source.
--pace: accepts and handles by itself, each so many seconds after the step before.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8090' },
      server: { type: 'string', default: `http://127.0.0.1:${process.env['PORT'] ?? '8080'}` },
      source: { type: 'string', default: 'urn:platform' },
      pace: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return void process.stdout.write(`${USAGE}\n`);
  const secrets = (process.env['PLATFORM_SECRET'] ?? '').split(/\s+/).filter(Boolean);
  const token = process.env['PLATFORM_TOKEN'];
  const port = Number(values.port);
  const pace = values.pace === undefined ? undefined : Number(values.pace);
  const problems = [
    secrets.length ? '' : 'PLATFORM_SECRET is missing',
    token ? '' : 'PLATFORM_TOKEN is missing',
    Number.isInteger(port) && port >= 0 && port <= 65_535 ? '' : `--port ${values.port} is no port`,
    URL.canParse(values.server) ? '' : `--server ${values.server} is no address`,
    pace === undefined || (pace >= 0 && pace <= 86_400) ? '' : `--pace ${values.pace} is not 0 to 86400 seconds`,
  ].filter(Boolean);
  if (problems.length || token === undefined) {
    process.stderr.write(`${problems.join('\n')}\n\n${USAGE}\n`);
    process.exitCode = 1;
    return;
  }
  const paceMs = pace === undefined ? undefined : pace * 1000;
  const platform = await startPlatform({ port, secrets, server: values.server, token, source: values.source, paceMs });
  process.stdout.write(`The platform is at ${platform.url}/, its webhook at ${platform.url}/deliveries\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void platform.close());
}

await runTool(main);
