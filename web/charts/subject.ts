import { inject, provide, ref, type InjectionKey, type Ref } from 'vue';

const SUBJECT: InjectionKey<Readonly<Ref<string>>> = Symbol('subject');

/** Tells all below what the screen is about: place and window. Within it figures may move; to another one all jumps at once. */
export function provideSubject(about: Readonly<Ref<string>>): void {
  provide(SUBJECT, about);
}

/** What the screen is about; the same for ever where nobody says so. Call in `setup`. */
export function useSubject(): Readonly<Ref<string>> {
  return inject(SUBJECT, ref(''), false);
}
