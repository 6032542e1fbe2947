import type { FastifyPluginAsync } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { BackupKeys } from './platform/backup/keys.ts';
import type { Metrics } from './platform/metrics.ts';
import type { RedisClient } from './platform/redis/connect.ts';
import type { RedisEndpoint } from './platform/redis/target.ts';

/**
 * One part of the program: intake, counting, views, push … `features.ts` lists all of them in the order in which they
 * need each other. Making a feature reads settings at most; it opens nothing and starts nothing before `start`.
 */
export interface Feature {
  /** For messages and logs. */
  readonly name: string;
  /** Fastify plugins. Every route in them names its roles and its scope (platform/http/guard.ts). */
  readonly routes?: readonly FastifyPluginAsync[];
  /** What `/readyz` tells, by name of the check: "ok", or why the feature cannot do its work now. */
  readiness?(): Record<string, string> | Promise<Record<string, string>>;
  /** What it keeps in Redis, for backups; files in DATA_DIR and FILES_DIR are copied in any case, except `secretFiles`. */
  readonly backup?: BackupKeys;
  /** Paths of files that hold a secret in clear. Backups leave them out, wherever they are. */
  readonly secretFiles?: readonly string[];
  /** Called in the order of the list, one feature after the other. If it fails, those before it are stopped, last first. */
  start?(): void | Promise<void>;
  /** Called in the reverse order, for features that were started. */
  stop?(): unknown;
}

/** What every feature may use. A feature registers its own metrics in `metrics`. */
export interface Platform {
  readonly config: Config;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** A connection for commands, never for ones that block. */
  readonly redis: RedisClient;
  /** For connections of a feature's own. */
  readonly endpoint: RedisEndpoint;
  /** The built pages, and what tells one release of them from another: screens reload when it changes. */
  readonly pages: { readonly folder: string; readonly build: string };
  /** Epoch ms. */
  readonly now: () => number;
}
