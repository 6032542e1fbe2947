/** The part of mapbox-gl 1.13 this map uses; the package ships no types. */
declare module 'mapbox-gl' {
  export interface CameraOptions {
    center?: [number, number];
    zoom?: number;
    pitch?: number;
    bearing?: number;
  }
  export interface MapEvent {
    originalEvent?: Event;
  }
  export interface MapOptions extends CameraOptions {
    container: HTMLElement;
    style: object;
    [option: string]: unknown;
  }
  export class Map {
    constructor(options: MapOptions);
    on(event: string, listener: (event: MapEvent) => void): this;
    off(event: string, listener: (event: MapEvent) => void): this;
    once(event: string, listener: (event: MapEvent) => void): this;
    remove(): void;
    resize(): this;
    stop(): this;
    jumpTo(camera: CameraOptions): this;
    easeTo(camera: CameraOptions & { duration: number; easing?: (t: number) => number; essential?: boolean }): this;
    flyTo(camera: CameraOptions & { duration: number; curve?: number; essential?: boolean }): this;
    isMoving(): boolean;
    getCenter(): { lng: number; lat: number };
    getZoom(): number;
    getPitch(): number;
    getBearing(): number;
    setMinZoom(zoom: number): this;
    setMaxBounds(bounds: [[number, number], [number, number]]): this;
    getCanvas(): HTMLCanvasElement;
    getContainer(): HTMLElement;
  }
  const mapboxgl: {
    Map: typeof Map;
    workerUrl: string;
    workerCount: number;
    baseApiUrl: string;
    accessToken: string | undefined;
    prewarm(): void;
  };
  // eslint-disable-next-line no-restricted-exports -- it is the package's own shape
  export default mapboxgl;
}
