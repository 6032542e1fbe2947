import type { ReportAbout, ReportKind } from '../../../contract/reportLimits.ts';
import { MAX_TEMPLATE_BYTES, type ReportTemplate } from '../../../contract/reportTemplates.ts';
import { createFileStore } from '../../platform/files/fileStore.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { REPORTS_TAG } from '../schedules/scheduleStore.ts';

/** Hash `region about kind` → template as JSON; the file lies in `FILES_DIR/report-templates` under its digest, and stays there. */
const TEMPLATES = `{${REPORTS_TAG}}:templates`;

export interface TemplatePlace {
  region: string;
  about: ReportAbout;
  kind: ReportKind;
}

export interface TemplateStore {
  list(): Promise<ReportTemplate[]>;
  inForce(place: TemplatePlace): Promise<ReportTemplate | undefined>;
  /** The content. @throws Error where it is not there, or is not what was kept */
  read(template: Pick<ReportTemplate, 'digest'>): Promise<Buffer>;
  /** Keeps the file, and then puts it in force. @throws HttpProblem 507 if the disk is full */
  set(template: Omit<ReportTemplate, 'digest' | 'bytes'>, content: Buffer): Promise<ReportTemplate>;
  /** @returns whether there was one */
  remove(place: TemplatePlace): Promise<boolean>;
}

const fieldOf = ({ region, about, kind }: TemplatePlace) => `${region} ${about} ${kind}`;

export function createTemplateStore(redis: RedisClient, filesDir: string): TemplateStore {
  const files = createFileStore(filesDir, 'report-templates');
  return {
    async list() {
      const texts = Object.values(await redis.hgetall(TEMPLATES));
      return texts.map((text) => JSON.parse(text) as ReportTemplate).sort((a, b) => (fieldOf(a) < fieldOf(b) ? -1 : 1));
    },
    async inForce(place) {
      const text = await redis.hget(TEMPLATES, fieldOf(place));
      return text === null ? undefined : (JSON.parse(text) as ReportTemplate);
    },
    async read({ digest }) {
      const stream = await files.read(digest);
      if (!stream)
        throw new Error(`the template ${digest} is not in FILES_DIR/report-templates any more: upload it again`);
      const parts: Buffer[] = [];
      for await (const part of stream) parts.push(part as Buffer);
      return Buffer.concat(parts);
    },
    async set(template, content) {
      const { digest, bytes } = await files.put(content, MAX_TEMPLATE_BYTES);
      const kept = { ...template, digest, bytes };
      await redis.hset(TEMPLATES, fieldOf(template), JSON.stringify(kept));
      return kept;
    },
    remove: async (place) => (await redis.hdel(TEMPLATES, fieldOf(place))) > 0,
  };
}
