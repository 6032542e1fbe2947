import type { WindowName } from '../../contract/codes.ts';
import type { Frame } from '../../contract/frame.ts';
import type { Report } from '../../contract/protocol.ts';
import type { FrameSource, OpenSource, SourceListener } from './frameSource.ts';

/**
 * The two sources of a screen. Home's feeds map, rotation and alarm; while a single town of it is on show, the town's feeds the
 * panels. So coming back to the region is instant, and the map never loses its other towns.
 */
export class ScreenSources {
  private readonly open: OpenSource;
  private home: FrameSource | undefined;
  private town: FrameSource | undefined;
  /** The newest frame of the town on show. */
  townFrame: Frame | undefined;

  constructor(open: OpenSource) {
    this.open = open;
  }

  /** Follows another home, and no town. */
  openHome(scope: string, window: WindowName, listener: SourceListener): void {
    this.closeTown();
    this.home?.end();
    this.home = this.open({ scope, window }, listener);
    this.home.start();
  }

  setHome(scope: string, window: WindowName): void {
    this.home?.setWatch({ scope, window });
  }

  seedHome(frame: Frame): void {
    this.home?.seed(frame);
  }

  /** Follows a town beside home. */
  followTown(scope: string, window: WindowName, shown: () => void): void {
    if (this.town) {
      this.town.setWatch({ scope, window });
      return;
    }
    // Alarms, beats and commands come with home's.
    this.town = this.open(
      { scope, window },
      {
        frame: (next) => {
          this.townFrame = next;
          shown();
        },
        status() {},
        alert() {},
        beat() {},
        command() {},
      },
    );
    this.town.start();
  }

  closeTown(): void {
    this.town?.end();
    this.town = this.townFrame = undefined;
  }

  wake(): void {
    this.home?.wake();
    this.town?.wake();
  }

  report(report: Report): void {
    this.home?.report(report);
  }

  /** Age of the last thing heard of home, ms; undefined before it is opened. */
  silenceMs(): number | undefined {
    return this.home?.silenceMs();
  }
}
