/** The longer side of a picture that is made smaller: what is written on a sheet of paper can still be read. */
const MAX_SIDE_PX = 4_096;
const QUALITY = 0.85;

/**
 * A picture of a telephone that is too large to be sent, made smaller in the browser, the right way up.
 * @returns a JPEG; undefined where this browser cannot open the file as a picture
 */
export async function smallerPicture(file: Blob): Promise<Blob | undefined> {
  const url = URL.createObjectURL(file);
  try {
    const picture = await loaded(url);
    const { naturalWidth: width, naturalHeight: height } = picture;
    const scale = Math.min(1, MAX_SIDE_PX / Math.max(width, height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => {
      canvas.toBlob((blob) => resolve(blob ?? undefined), 'image/jpeg', QUALITY);
    });
  } catch {
    return undefined;
  } finally {
    URL.revokeObjectURL(url);
  }
}

function loaded(url: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const picture = new Image();
    picture.onload = () => resolve(picture);
    picture.onerror = () => reject(new Error('no picture'));
    picture.src = url;
  });
}
