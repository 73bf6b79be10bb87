/** A copy with more room. */
export const longer = (array: Int32Array, length: number, filler = 0): Int32Array<ArrayBuffer> => {
  const copy = new Int32Array(length).fill(filler, array.length);
  copy.set(array);
  return copy;
};
export const longerDoubles = (array: Float64Array, length: number, filler = 0): Float64Array<ArrayBuffer> => {
  const copy = new Float64Array(length).fill(filler, array.length);
  copy.set(array);
  return copy;
};
