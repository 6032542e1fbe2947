import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from './authenticator.ts';
import type { Principal } from './principal.ts';

interface Running {
  request: FastifyRequest;
  reply: FastifyReply;
  principal: Principal;
  ended?: AbortController;
}

/**
 * The requests under way, so that those end whose asker is let in no more: a body that is still being read, an answer that
 * is still being written.
 */
export class RunningRequests {
  private readonly access: Authenticator;
  private readonly running = new Map<FastifyRequest, Running>();

  constructor(access: Authenticator) {
    this.access = access;
    access.onEnded(() => {
      for (const one of this.running.values()) if (!access.holds(one.principal)) endRunning(one);
    });
  }

  add(request: FastifyRequest, reply: FastifyReply, principal: Principal): void {
    this.running.set(request, { request, reply, principal });
    reply.raw.once('close', () => this.running.delete(request));
  }

  /** Whether what the asker was let in with has ended since. */
  hasEnded(request: FastifyRequest): boolean {
    const one = this.running.get(request);
    return one !== undefined && !this.access.holds(one.principal);
  }

  /** Aborts when what the asker was let in with ends. */
  signalOf(request: FastifyRequest): AbortSignal {
    const one = this.running.get(request);
    // Whoever was let in without a name, or has left, is not let out.
    if (!one) return new AbortController().signal;
    one.ended ??= new AbortController();
    if (!this.access.holds(one.principal)) one.ended.abort();
    return one.ended.signal;
  }
}

function endRunning({ reply, ended }: Running): void {
  ended?.abort();
  // A file of which only a part arrives must not look whole: the connection breaks off instead of ending.
  if (reply.raw.headersSent) reply.raw.destroy();
}
