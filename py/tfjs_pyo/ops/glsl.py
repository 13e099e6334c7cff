"""GLSL functions that elementwise ops share: NaN and infinity, selection, and functions that drivers get wrong.

Measured on SwiftShader (ARCHITECTURE.md): the built-in exp, log, pow, sin and cos are low-precision, log(0) is finite and
tanh(89) is NaN. The functions here follow IEEE 754 for 0, inf and NaN, and are accurate to a few units in the last place.
Software GPUs shift integers one by one: powers of two are multiplied by instead.
"""

LOG = """
vec4 log_(vec4 x) {
  // x = m * 2^e with m in [sqrt(1/2), sqrt(2)); log m = 2 atanh(s), s = (m - 1) / (m + 1).
  ivec4 bits = floatBitsToInt(x);
  ivec4 e = ivec4(floor(vec4(bits - 0x3f3504f3) * 1.1920928955078125e-7));
  vec4 m = intBitsToFloat(bits - e * 8388608);
  vec4 f = m - 1.;
  vec4 s = f / (2. + f);
  vec4 z = s * s;
  vec4 r = z * (0.6666666667 + z * (0.4000000095 + z * (0.2857122421 + z * (0.2224419564 + z * 0.1772281080))));
  vec4 h = 0.5 * f * f;
  vec4 ef = vec4(e);
  vec4 y = ef * 0.693145751953125 - ((h - (s * (h + r) + ef * 1.42860677e-6)) - f);
  y = mix(y, vec4(-INF), lessThan(x, vec4(1.1754944e-38)));
  y = mix(y, vec4(INF), equal(x, vec4(INF)));
  return mix(y, vec4(NAN), bvec4(ivec4(lessThan(x, vec4(0.))) | ivec4(notEqual(x, x))));
}
"""

EXP = """
vec4 exp_(vec4 x) {
  // exp x = 2^n * exp r with |r| <= log(2) / 2; 2^n in two factors so that it neither overflows nor flushes early, from bits.
  vec4 c = min(max(x, vec4(-104.)), vec4(89.));
  vec4 n = floor(c * 1.44269504 + 0.5);
  vec4 r = c - n * 0.693145751953125 - n * 1.42860677e-6;
  vec4 p = 0.16666667 + r * (0.041666668 + r * (0.0083333310 + r * (0.0013889048 + r * 1.98e-4)));
  p = 1. + r * (1. + r * (0.5 + r * p));
  vec4 half_ = floor(n * 0.5);
  p *= intBitsToFloat(ivec4(half_ * 8388608. + 1065353216.));
  p *= intBitsToFloat(ivec4((n - half_) * 8388608. + 1065353216.));
  return mix(p, x, notEqual(x, x));
}
"""

EXPM1 = (
    EXP
    + """
vec4 expm1_(vec4 x) {
  vec4 small = x * (1. + x * (0.5 + x * (0.16666667 + x * (0.041666668 + x * (0.0083333333 + x * 0.0013888889)))));
  return mix(exp_(x) - 1., small, lessThan(abs(x), vec4(0.35)));
}
"""
)

LOG1P = (
    LOG
    + """
vec4 log1p_(vec4 x) {
  vec4 u = 1. + x;
  vec4 y = log_(u) - ((u - 1.) - x) / u;
  vec4 s = x / (2. + x);
  vec4 z = s * s;
  vec4 small = 2. * s * (1. + z * (0.33333333 + z * (0.2 + z * (0.14285714 + z * 0.11111111))));
  y = mix(y, small, lessThan(abs(x), vec4(0.3)));
  y = mix(y, vec4(INF), equal(x, vec4(INF)));
  return mix(y, vec4(-INF), equal(x, vec4(-1.)));
}
"""
)

TANH = (
    EXPM1
    + """
vec4 tanh_(vec4 x) {
  vec4 e = expm1_(2. * min(abs(x), vec4(20.)));
  vec4 y = sign(x) * (e / (e + 2.));
  return mix(y, x, bvec4(ivec4(notEqual(x, x)) | ivec4(lessThan(abs(x), vec4(1e-4)))));
}
"""
)

SIGMOID = (
    EXP
    + """
vec4 sigmoid_(vec4 x) {
  vec4 e = exp_(-abs(x));
  vec4 y = mix(e, vec4(1.), greaterThanEqual(x, vec4(0.))) / (1. + e);
  return mix(y, x, notEqual(x, x));
}
"""
)

SOFTPLUS = (
    EXP
    + LOG1P
    + """
vec4 softplus_(vec4 x) {
  vec4 y = mix(vec4(0.), x, greaterThan(x, vec4(0.))) + log1p_(exp_(-abs(x)));
  return mix(y, x, notEqual(x, x));
}
"""
)

SIN_COS = """
vec4 trig_(vec4 x, float shift) {
  // Reduction to |r| <= pi/4 by pi/2 in three parts (Cody and Waite), exact while n fits 11 bits or so of each product.
  vec4 n = floor(x * 0.636619772 + 0.5);
  vec4 r = ((x - n * 1.5703125) - n * 4.837512969970703125e-4) - n * 7.54978995489188216e-8;
  vec4 z = r * r;
  vec4 s = r + r * z * (-0.16666667 + z * (0.0083333310 + z * (-1.98408743e-4 + z * 2.7525562e-6)));
  vec4 c = 1. - 0.5 * z + z * z * (0.041666646 + z * (-0.00138887 + z * 2.4433157e-5));
  vec4 q = n + shift;
  ivec4 quadrant = ivec4(q - 4. * floor(q * 0.25));
  vec4 y = mix(s, c, equal(quadrant & 1, ivec4(1)));
  y = mix(y, -y, greaterThan(quadrant, ivec4(1)));
  return mix(y, vec4(NAN), bvec4(ivec4(notEqual(x, x)) | ivec4(equal(abs(x), vec4(INF)))));
}
"""

POW = (
    LOG
    + EXP
    + """
vec4 powi_(vec4 a, ivec4 n) {
  // Exact products for integer exponents up to 64: squares of squares.
  vec4 y = vec4(1.), p = a;
  ivec4 k = abs(n);
  for (int bit = 0; bit < 7; bit++) {
    y = mix(y, y * p, equal(k & 1, ivec4(1)));
    p *= p;
    k >>= 1;
  }
  return mix(y, 1. / y, lessThan(n, ivec4(0)));
}
vec4 pow_(vec4 a, vec4 b) {
  vec4 whole = floor(b + 0.5);
  ivec4 isWhole = ivec4(equal(whole, b)) & ivec4(lessThan(abs(b), vec4(1e9)));
  ivec4 isOdd = isWhole & ivec4(notEqual(whole - 2. * floor(whole * 0.5), vec4(0.)));
  vec4 l = log_(abs(a));
  vec4 y = exp_(b * l);
  y = mix(y, -y, bvec4(isOdd & ivec4(lessThan(a, vec4(0.)))));
  y = mix(y, powi_(a, ivec4(min(max(whole, vec4(-64.)), vec4(64.)))), bvec4(isWhole & ivec4(lessThanEqual(abs(b), vec4(64.)))));
  ivec4 infinite = ivec4(equal(abs(b), vec4(INF)));
  y = mix(y, vec4(NAN), bvec4(ivec4(lessThan(a, vec4(0.))) & (1 - isWhole) & ivec4(lessThan(abs(a), vec4(INF)))
                              & ivec4(lessThan(abs(b), vec4(1e7)))));
  y = mix(y, vec4(1.), bvec4(infinite & ivec4(equal(abs(a), vec4(1.)))));
  y = mix(y, vec4(NAN), bvec4(ivec4(notEqual(a, a)) | ivec4(notEqual(b, b))));
  y = mix(y, vec4(1.), bvec4(ivec4(equal(b, vec4(0.))) | ivec4(equal(a, vec4(1.)))));
  return y;
}
ivec4 pow_(ivec4 a, ivec4 b) {
  ivec4 y = ivec4(1), p = a, k = b;
  for (int bit = 0; bit < 31; bit++) {
    y = sel(equal(k & 1, ivec4(1)), y * p, y);
    p *= p;
    k >>= 1;
    if (k == ivec4(0)) break;
  }
  return sel(lessThan(b, ivec4(0)), ivec4(0), y);
}
"""
)

MINMAX = """
vec4 max_(vec4 a, vec4 b) { return mix(mix(b, a, greaterThan(a, b)), a, notEqual(a, a)); }
vec4 min_(vec4 a, vec4 b) { return mix(mix(b, a, lessThan(a, b)), a, notEqual(a, a)); }
ivec4 max_(ivec4 a, ivec4 b) { return max(a, b); }
ivec4 min_(ivec4 a, ivec4 b) { return min(a, b); }
"""

DIVIDE = """
int floordiv1_(int a, int b) {
  if (b == 0) return 0;
  int q = a / b;
  return (a - q * b != 0 && ((a < 0) != (b < 0))) ? q - 1 : q;
}
ivec4 floordiv_(ivec4 a, ivec4 b) {
  return ivec4(floordiv1_(a.x, b.x), floordiv1_(a.y, b.y), floordiv1_(a.z, b.z), floordiv1_(a.w, b.w));
}
ivec4 mod_(ivec4 a, ivec4 b) { return sel(equal(b, ivec4(0)), ivec4(0), a - floordiv_(a, b) * b); }
vec4 mod1_(vec4 a, vec4 b) {
  // The remainder of |a| by |b| in float32, then the sign of b as in Python.
  vec4 m = abs(a) - abs(b) * floor(abs(a) / abs(b));
  m = mix(m, m - abs(b), greaterThanEqual(m, abs(b)));
  m = mix(m, m + abs(b), lessThan(m, vec4(0.)));
  m = mix(m, abs(a), lessThan(abs(a), abs(b)));
  m = mix(m, -m, lessThan(a, vec4(0.)));
  bvec4 other = bvec4(ivec4(notEqual(m, vec4(0.))) & ivec4(notEqual(lessThan(m, vec4(0.)), lessThan(b, vec4(0.)))));
  return mix(m, m + b, other);
}
vec4 mod_(vec4 a, vec4 b) {
  vec4 m = mod1_(a, b);
  bvec4 bad = bvec4(ivec4(equal(b, vec4(0.))) | ivec4(equal(abs(a), vec4(INF))) | ivec4(notEqual(a, a)) | ivec4(notEqual(b, b)));
  return mix(m, vec4(NAN), bad);
}
vec4 floordiv_(vec4 a, vec4 b) { return floor(a / b); }
"""
