/**
 * Controls, marks of direction, zero-width and other characters without a shape, halves and private ones: what
 * looks like nothing or makes its neighbours look otherwise. The inside of a class in a pattern with `u`.
 */
export const HIDDEN_SIGNS = String.raw`\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800`
