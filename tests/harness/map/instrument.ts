/** Counts the WebGL objects that are alive and the pictures drawn, over all contexts made after this call. */
export interface GlCounts {
  live: () => Record<string, number>;
  draws: () => number;
  frames: () => number;
}

const KINDS = [
  'Buffer',
  'Texture',
  'Program',
  'Shader',
  'Framebuffer',
  'Renderbuffer',
  'VertexArray',
  'Sampler',
] as const;

export function instrumentWebGl(): GlCounts {
  const live: Record<string, number> = Object.fromEntries(KINDS.map((kind) => [kind, 0]));
  let draws = 0;
  let frames = 0;
  for (const proto of [WebGLRenderingContext.prototype, WebGL2RenderingContext.prototype] as unknown as Record<
    string,
    unknown
  >[]) {
    const wrap = (name: string, note: (args: unknown[]) => void) => {
      const original = proto[name];
      if (typeof original !== 'function') return;
      proto[name] = function wrapped(this: unknown, ...args: unknown[]): unknown {
        note(args);
        return Reflect.apply(original, this, args) as unknown;
      };
    };
    for (const kind of KINDS) {
      wrap(`create${kind}`, () => {
        live[kind]!++;
      });
      wrap(`delete${kind}`, ([object]) => {
        if (object) live[kind]!--;
      });
    }
    wrap('drawElements', () => {
      draws++;
    });
    wrap('drawArrays', () => {
      draws++;
    });
  }
  const request = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) => {
    frames++;
    return request(callback);
  };
  return { live: () => ({ ...live }), draws: () => draws, frames: () => frames };
}
