import type { BundleItem } from '@rodpo/serving/web';

/** What is known of an item, as text: nothing of a catalogue ever becomes markup. */
export function ItemView({ item }: { readonly item: BundleItem }) {
  const picture = pictureOf(item);
  return (
    <span class="item">
      {/* The title says what it is: to a screen reader the picture is nothing more. */}
      {picture ? <img src={picture} alt="" loading="lazy" /> : <span class="no-picture" />}
      <span class="words">
        <span class="title">{titleOf(item)}</span>
        <span class="id">{item.id}</span>
      </span>
    </span>
  );
}

export function titleOf({ id, title }: BundleItem): string {
  return title === undefined || title.trim() === '' ? id : title;
}

/** Of the site itself, or of the web; other paths lead nowhere here, and no other protocol is a picture's. */
function pictureOf({ image }: BundleItem): string | undefined {
  return image !== undefined && /^(https?:\/\/|data:image\/|pictures\/\d+\.webp$)/i.test(image)
    ? image
    : undefined;
}
