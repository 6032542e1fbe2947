import { Agent, get } from 'node:http';

/** Reads over one kept connection with as little of the client's own time as Node allows. */
export class HttpReader {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  private readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** The body of an answer. @throws when it is not 200 */
  text(path: string): Promise<string> {
    return new Promise((resolve, reject) => {
      get(this.url + path, { agent: this.agent }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const body = Buffer.concat(parts).toString();
          if (response.statusCode === 200) resolve(body);
          else reject(new Error(`${path}: ${response.statusCode} ${body.slice(0, 300)}`));
        });
      }).on('error', reject);
    });
  }

  async json<T>(path: string): Promise<T> {
    return JSON.parse(await this.text(path)) as T;
  }

  close(): void {
    this.agent.destroy();
  }
}
