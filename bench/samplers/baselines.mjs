// Exact top-K selections written for speed alone: no exclusions, no check for NaN, no draws.
// Each makes a function of (scores, start) that returns an array it reuses, whose first `count` are
// the items, in any order; of equal scores the lower indices.

/** The score of rank `count` among the first `size`, which it reorders. */
function scoreOfRank(values, size, count) {
  let first = 0;
  let last = size - 1;
  while (first < last) {
    const a = values[first];
    const b = values[(first + last) >> 1];
    const c = values[last];
    const pivot = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    let left = first;
    let right = last;
    while (left <= right) {
      while (values[left] > pivot) left++;
      while (values[right] < pivot) right--;
      if (left > right) break;
      const moved = values[left];
      values[left++] = values[right];
      values[right--] = moved;
    }
    if (count - 1 <= right) last = right;
    else if (count - 1 >= left) first = left;
    else return pivot;
  }
  return values[count - 1];
}

/** The best `count` of a row, given the lowest score among them: two passes. */
function itemsFrom(lowest, { scores, start, itemCount, count, picked }) {
  let above = 0;
  for (let at = start; at < start + itemCount; at++) if (scores[at] > lowest) above++;
  let ties = count - above;
  let size = 0;
  for (let item = 0; item < itemCount; item++) {
    const score = scores[start + item];
    if (score > lowest || (score === lowest && ties-- > 0)) picked[size++] = item;
  }
  return picked;
}

/** A heap of the best ones so far, the worst of them on top. */
export function heap(itemCount, count) {
  const values = new Float32Array(count);
  const items = new Int32Array(count);
  const sift = (hole) => {
    const value = values[hole];
    const item = items[hole];
    for (let child = 2 * hole + 1; child < count; child = 2 * hole + 1) {
      const next = child + 1;
      const isNext =
        next < count &&
        (values[next] < values[child] ||
          (values[next] === values[child] && items[next] > items[child]));
      if (isNext) child = next;
      if (values[child] > value || (values[child] === value && items[child] < item)) break;
      values[hole] = values[child];
      items[hole] = items[child];
      hole = child;
    }
    values[hole] = value;
    items[hole] = item;
  };
  return (scores, start) => {
    for (let item = 0; item < count; item++) {
      values[item] = scores[start + item];
      items[item] = item;
    }
    for (let root = (count >> 1) - 1; root >= 0; root--) sift(root);
    for (let item = count; item < itemCount; item++) {
      const score = scores[start + item];
      if (score <= values[0]) continue;
      values[0] = score;
      items[0] = item;
      sift(0);
    }
    return items;
  };
}

/** A quickselect of the whole row. */
export function quickselect(itemCount, count) {
  const values = new Float32Array(itemCount);
  const picked = new Int32Array(count);
  return (scores, start) => {
    for (let item = 0; item < itemCount; item++) values[item] = scores[start + item];
    const lowest = scoreOfRank(values, itemCount, count);
    return itemsFrom(lowest, { scores, start, itemCount, count, picked });
  };
}

/** A histogram of the upper bits, and a quickselect of the bin where the rank falls. */
export function histogram(itemCount, count) {
  const bins = new Int32Array(2048);
  const values = new Float32Array(itemCount);
  const picked = new Int32Array(count);
  let words;
  const binOf = (word) => ((word ^ ((word >> 31) & 0x7fffffff)) >> 21) + 1024;
  return (scores, start) => {
    if (words?.buffer !== scores.buffer) words = new Int32Array(scores.buffer);
    bins.fill(0);
    for (let at = start; at < start + itemCount; at++) bins[binOf(words[at])]++;
    let bin = 2047;
    let above = 0;
    for (; above + bins[bin] < count; bin--) above += bins[bin];
    let size = 0;
    for (let at = start; at < start + itemCount; at++) {
      if (binOf(words[at]) === bin) values[size++] = scores[at];
    }
    const lowest = scoreOfRank(values, size, count - above);
    return itemsFrom(lowest, { scores, start, itemCount, count, picked });
  };
}

/** What exceeds a bar is collected, and the bar rises when there is no more room. */
export function threshold(itemCount, count) {
  return collector(itemCount, count, () => Number.NaN);
}

/** The same, from a bar that a sample of the row sets: the rank in it that is a safe guess. */
export function sampledThreshold(itemCount, count) {
  const stride = Math.max(1, Math.floor(count / 4));
  const best = new Float64Array(12);
  return collector(itemCount, count, (scores, start) => {
    best.fill(Number.NEGATIVE_INFINITY);
    for (let item = stride >> 1; item < itemCount; item += stride) {
      const score = scores[start + item];
      if (score <= best[11]) continue;
      let place = 11;
      for (; place > 0 && best[place - 1] < score; place--) best[place] = best[place - 1];
      best[place] = score;
    }
    return best[11];
  });
}

/** The first index whose score is not at most `bar`, four at a time. */
function nextAbove(scores, from, end, bar) {
  const lastFour = end - 4;
  let at = from;
  while (
    at <= lastFour &&
    scores[at] <= bar &&
    scores[at + 1] <= bar &&
    scores[at + 2] <= bar &&
    scores[at + 3] <= bar
  ) {
    at += 4;
  }
  while (at < end && scores[at] <= bar) at++;
  return at;
}

function collector(itemCount, count, guess) {
  const room = 4 * count;
  const items = new Int32Array(room);
  const values = new Float32Array(room);
  const scratch = new Float32Array(room);
  const keepBest = (size) => {
    for (let index = 0; index < size; index++) scratch[index] = values[index];
    const lowest = scoreOfRank(scratch, size, count);
    let above = 0;
    for (let index = 0; index < size; index++) if (values[index] > lowest) above++;
    let ties = count - above;
    let kept = 0;
    for (let index = 0; index < size; index++) {
      const value = values[index];
      if (value < lowest || (value === lowest && ties-- <= 0)) continue;
      items[kept] = items[index];
      values[kept++] = value;
    }
    return lowest;
  };
  /** What exceeds the bar; a bar of NaN lets everything pass. */
  const collect = (scores, start, firstBar) => {
    const end = start + itemCount;
    let bar = firstBar;
    let size = 0;
    for (let at = nextAbove(scores, start, end, bar); at < end; ) {
      items[size] = at - start;
      values[size++] = scores[at];
      if (size === room) {
        bar = keepBest(size);
        size = count;
      }
      at = nextAbove(scores, at + 1, end, bar);
    }
    return size;
  };
  return (scores, start) => {
    let size = collect(scores, start, guess(scores, start));
    if (size < count) size = collect(scores, start, Number.NaN);
    if (size > count) keepBest(size);
    return items;
  };
}
