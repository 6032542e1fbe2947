import type { Lang } from '../../i18n/lang.ts';

/** Two notes of a bell, a fourth apart: heard across a room, and not mistaken for a telephone. */
const NOTES = [
  [880, 0],
  [659.26, 0.28],
] as const;
const RING_S = 1.6;
const VOLUME = 0.35;
/** A browser that may sound does so within this, ms. */
const BLOCKED_MS = 200;
/** A chime that comes later than this belongs to no card any more, ms. */
const WAKE_MS = 3_000;

/**
 * The sounds of an alarm: a chime made with WebAudio and a spoken sentence by the browser's own voices. Browsers keep
 * a page silent until somebody has touched it; `blocked` says so, and `unlock` ends it from within a touch or key.
 */
export class Sounds {
  private context: AudioContext | undefined;

  /** Whether the browser forbids sound for want of a gesture. */
  async blocked(): Promise<boolean> {
    return this.open() !== undefined && !(await this.awake(BLOCKED_MS));
  }

  unlock(): void {
    // Whoever asks then whether sound is blocked learns that it still is.
    this.open()
      ?.resume()
      .catch(() => undefined);
  }

  /** Rings at once, or as soon as the browser has woken its sound: on a busy machine, and after long silence, that takes a moment. */
  async ring(): Promise<void> {
    const context = await this.awake(WAKE_MS);
    if (!context) return;
    for (const [hertz, delay] of NOTES) {
      const at = context.currentTime + delay;
      for (const [multiple, level] of [
        [1, 1],
        [2.76, 0.25],
        [5.4, 0.08],
      ] as const) {
        const tone = context.createOscillator();
        const gain = context.createGain();
        tone.frequency.value = hertz * multiple;
        gain.gain.setValueAtTime(0, at);
        gain.gain.linearRampToValueAtTime(VOLUME * level, at + 0.01);
        gain.gain.exponentialRampToValueAtTime(0.0001, at + RING_S / multiple ** 0.5);
        tone.connect(gain).connect(context.destination);
        tone.start(at);
        tone.stop(at + RING_S);
      }
    }
  }

  /** Says one sentence; what is still being said is cut off, so that speech never lags behind the cards. */
  speak(sentence: string, lang: Lang): void {
    if (!('speechSynthesis' in globalThis)) return;
    const utterance = new SpeechSynthesisUtterance(sentence);
    utterance.lang = lang;
    speechSynthesis.cancel();
    speechSynthesis.speak(utterance);
  }

  /** The context once it sounds, if it does within so many ms. */
  private async awake(ms: number): Promise<AudioContext | undefined> {
    const context = this.open();
    if (context?.state === 'suspended')
      await Promise.race([
        context.resume(),
        new Promise((done) => {
          setTimeout(done, ms);
        }),
      ]);
    return context?.state === 'running' ? context : undefined;
  }

  private open(): AudioContext | undefined {
    if (!('AudioContext' in globalThis)) return undefined;
    return (this.context ??= new AudioContext());
  }
}
