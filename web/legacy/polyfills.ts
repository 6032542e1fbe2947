/**
 * What the pages use and Chromium 78 lacks. Part of the legacy build alone (web/legacy/legacyBuild.ts): newer browsers
 * never fetch it.
 */
import 'core-js/actual/aggregate-error';
import 'core-js/actual/array/at';
import 'core-js/actual/array/find-last';
import 'core-js/actual/array/find-last-index';
import 'core-js/actual/array/to-reversed';
import 'core-js/actual/array/to-sorted';
import 'core-js/actual/array/with';
import 'core-js/actual/object/has-own';
import 'core-js/actual/object/group-by';
import 'core-js/actual/map/group-by';
import 'core-js/actual/promise/any';
import 'core-js/actual/promise/with-resolvers';
import 'core-js/actual/string/at';
import 'core-js/actual/string/replace-all';
import 'core-js/actual/structured-clone';
import 'core-js/actual/typed-array/at';
import 'core-js/actual/typed-array/to-sorted';
import 'core-js/actual/url/can-parse';
import 'core-js/actual/iterator';
import 'core-js/actual/set';
import './legacy.css';
import { pressedByKeyboard } from './pressedByKeyboard.ts';

/** Chromium 103: a signal that aborts by itself. Not in core-js, which leaves the DOM alone. */
if (typeof AbortSignal.timeout !== 'function') {
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController();
    setTimeout(() => {
      controller.abort(new DOMException('The operation timed out.', 'TimeoutError'));
    }, ms);
    return controller.signal;
  };
}

/** Chromium 86. */
if (typeof Element.prototype.replaceChildren !== 'function') {
  Element.prototype.replaceChildren = function replaceChildren(this: Element, ...nodes) {
    while (this.lastChild) this.removeChild(this.lastChild);
    this.append(...nodes);
  };
}

pressedByKeyboard();
