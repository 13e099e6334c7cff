"""GLSL functions that elementwise ops share: NaN and infinity, selection, and functions that drivers get wrong.

Measured on SwiftShader (docs/measurements.md): the built-in exp, log, pow, sin and cos are low-precision, log(0) is finite and
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
  y = mix(y, vec4(-INF), lessThan(x, uintBitsToFloat(uvec4(0x00800000u))));
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

TANH_SHRINK = (
    TANH
    + """
vec4 tanh_shrink_(vec4 x) {
  // Near 0 by the series of the difference, where x and tanh x are almost equal.
  vec4 z = x * x;
  vec4 near = 0.021869489 - z * (0.0088632355 - z * (0.0035921280 - z * 0.0014558344));
  near = x * z * (0.33333333 - z * (0.13333333 - z * (0.053968254 - z * near)));
  return mix(x - tanh_(x), near, lessThan(abs(x), vec4(0.5)));
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
uvec2 product_(uint a, uint b) {
  // High and low word of the product, by halves.
  uint ah = a >> 16, al = a & 0xffffu, bh = b >> 16, bl = b & 0xffffu;
  uint middle = ah * bl + (al * bl >> 16);
  uint other = al * bh + (middle & 0xffffu);
  return uvec2(ah * bh + (middle >> 16) + (other >> 16), a * b);
}
float far_(float x, out int n) {
  // Payne and Hanek: 96 bits of 2 / pi, chosen by the exponent of x, times its 24 digits; the fraction of that is the angle.
  uint bits = floatBitsToUint(x);
  uint table[8] = uint[8](0u, 0x28be60dbu, 0x9391054au, 0x7f09d5f4u, 0x7d4d3770u, 0x36d8a566u, 0x4f10e410u, 0x7f9458eau);
  int e = min(int(bits >> 23 & 255u) - 126, 128);
  int i = e >> 5, shift = e & 31;
  uint hi = table[i], mid = table[i + 1], lo = table[i + 2];
  if (shift > 0) {
    hi = hi << shift | mid >> (32 - shift);
    mid = mid << shift | lo >> (32 - shift);
    lo = lo << shift | table[i + 3] >> (32 - shift);
  }
  uint digits = bits << 8 | 0x80000000u;
  uvec2 p = product_(digits, mid);
  uint carry = product_(digits, lo).x;
  uint low = p.y + carry;
  uint high = digits * hi + p.x + (low < carry ? 1u : 0u);
  n = int(high >> 30);
  high &= 0x3fffffffu;
  bool above = high >= 0x20000000u;
  if (above) {
    n++;
    high = 0x3fffffffu - high;
    low = ~low;
  }
  float r = (float(high) + float(low) * 2.3283064365386963e-10) * 1.4629180792671596e-9;
  if (above) r = -r;
  if (x < 0.) n = -n;
  return x < 0. ? -r : r;
}
vec4 angle_(vec4 x, out ivec4 n) {
  // x less the nearest multiple of pi / 2, whose four parts are short enough for exact products (Cody and Waite).
  vec4 w = floor(x * 0.636619772 + 0.5);
  vec4 r = (((x - w * 1.5703125) - w * 4.837512969970703125e-4) - w * 7.54953362047672271728515625e-8)
           - w * 2.5633440682570896e-12;
  n = ivec4(w);
  bvec4 far = greaterThan(abs(x), vec4(3200.));
  if (any(far)) {
    int m;
    if (far.x) { r.x = far_(x.x, m); n.x = m; }
    if (far.y) { r.y = far_(x.y, m); n.y = m; }
    if (far.z) { r.z = far_(x.z, m); n.z = m; }
    if (far.w) { r.w = far_(x.w, m); n.w = m; }
  }
  return mix(r, vec4(NAN), bvec4(ivec4(notEqual(x, x)) | ivec4(equal(abs(x), vec4(INF)))));
}
vec4 near_sine_(vec4 r) {
  vec4 z = r * r;
  return r + r * z * (-0.16666667 + z * (0.0083333310 + z * (-1.98408743e-4 + z * 2.7525562e-6)));
}
vec4 near_cosine_(vec4 r) {
  vec4 z = r * r;
  return 1. - 0.5 * z + z * z * (0.041666646 + z * (-0.00138887 + z * 2.4433157e-5));
}
vec4 sine_(vec4 x, int shift) {
  ivec4 n;
  vec4 r = angle_(x, n);
  n += shift;
  vec4 y = mix(near_sine_(r), near_cosine_(r), equal(n & 1, ivec4(1)));
  return mix(y, -y, equal(n & 2, ivec4(2)));
}
vec4 tangent_(vec4 x) {
  ivec4 n;
  vec4 r = angle_(x, n);
  vec4 s = near_sine_(r), c = near_cosine_(r);
  bvec4 odd = equal(n & 1, ivec4(1));
  return mix(s, -c, odd) / mix(c, s, odd);
}
"""

ATAN2 = """
vec4 atan2_(vec4 y, vec4 x) {
  vec4 hi = max(abs(x), abs(y)), lo = min(abs(x), abs(y));
  vec4 q = mix(lo / hi, vec4(1.), equal(lo, hi));
  q = mix(q, vec4(0.), equal(hi, vec4(0.)));
  bvec4 big = greaterThan(q, vec4(0.41421356));
  vec4 w = mix(q, (q - 1.) / (q + 1.), big);
  vec4 z = w * w;
  vec4 p = w + w * z * (-0.333329491539 + z * (0.199777106478 + z * (-0.138776856032 + z * 8.05374449538e-2)));
  p += mix(vec4(0.), vec4(0.785398163397), big);
  p = mix(p, 1.57079632679 - p, greaterThan(abs(y), abs(x)));
  p = mix(p, 3.14159265359 - p, lessThan(intBitsToFloat((floatBitsToInt(x) & int(0x80000000)) | 0x3f800000), vec4(0.)));
  p = intBitsToFloat(floatBitsToInt(p) | (floatBitsToInt(y) & int(0x80000000)));
  return mix(p, vec4(NAN), bvec4(ivec4(notEqual(x, x)) | ivec4(notEqual(y, y))));
}
"""

ASIN = (
    ATAN2
    + """
vec4 leg_(vec4 x) {
  // sqrt(1 - x^2), without its cancellation near 1.
  return mix(sqrt((1. - x) * (1. + x)), vec4(NAN), greaterThan(abs(x), vec4(1.)));
}
vec4 asin_(vec4 x) { return atan2_(x, leg_(x)); }
vec4 acos_(vec4 x) { return atan2_(leg_(x), x); }
"""
)

SINH = (
    EXPM1
    + """
vec4 sinh_(vec4 x) {
  vec4 a = abs(x);
  vec4 e = expm1_(min(a, vec4(20.)));
  vec4 h = exp_(0.5 * a);
  vec4 y = mix(0.5 * (e + e / (e + 1.)), (0.5 * h) * h, greaterThan(a, vec4(20.)));
  return mix(sign(x) * y, x, notEqual(x, x));
}
vec4 cosh_(vec4 x) {
  vec4 h = exp_(0.5 * abs(x));
  return (0.5 * h) * h + 0.5 / (h * h);
}
"""
)

ASINH = (
    LOG1P
    + """
vec4 asinh_(vec4 x) {
  vec4 a = abs(x);
  bvec4 large = greaterThan(a, vec4(1e9));
  vec4 s = mix(a, vec4(0.), large);
  vec4 y = log1p_(mix(s + s * s / (1. + sqrt(1. + s * s)), a, large));
  y += mix(vec4(0.), vec4(0.693147181), large);
  return mix(sign(x) * y, x, notEqual(x, x));
}
vec4 acosh_(vec4 x) {
  bvec4 large = greaterThan(x, vec4(1e9));
  vec4 t = mix(x - 1., vec4(0.), large);
  vec4 y = log1p_(mix(t + sqrt(t * (t + 2.)), x, large));
  y += mix(vec4(0.), vec4(0.693147181), large);
  return mix(y, vec4(NAN), bvec4(ivec4(lessThan(x, vec4(1.))) | ivec4(notEqual(x, x))));
}
vec4 atanh_(vec4 x) {
  vec4 a = abs(x);
  vec4 y = 0.5 * sign(x) * log1p_(2. * a / (1. - a));
  return mix(y, vec4(NAN), bvec4(ivec4(greaterThan(a, vec4(1.))) | ivec4(notEqual(x, x))));
}
"""
)

ERF = (
    EXP
    + """
vec4 erf_(vec4 x) {
  // Polynomials in x below 0.9277, in the logarithm of 1 - erf above it: good to a unit in the last place.
  vec4 a = min(abs(x), vec4(8.));
  vec4 z = a * a;
  vec4 near = -5.96761703e-4 * z + 4.99119423e-3;
  near = ((near * z - 2.67681349e-2) * z + 1.12819925e-1) * z - 3.76125336e-1;
  near = x + x * (near * z + 1.28379166e-1);
  vec4 far = (-1.72853470e-5 * a + 3.83197126e-4) * z + (-3.88396438e-3 * a + 2.42546219e-2);
  far = ((far * a - 1.06777877e-1) * a - 6.34846687e-1) * a - 1.28717512e-1;
  far = sign(x) * (1. - exp_(far * a - a));
  return mix(mix(near, far, greaterThan(a, vec4(0.927734375))), x, notEqual(x, x));
}
"""
)

RECTIFY = """
vec4 rectify_(vec4 x) {
  // 0 for numbers with the sign, by their bits: some drivers make a max of a choice by x < 0., which loses NaN.
  return mix(x, vec4(0.), lessThanEqual(floatBitsToUint(x) - 0x80000000u, uvec4(0x7f800000u)));
}
"""

OVER_SQUARE_SUM = """
vec4 over_square_sum_(vec4 c, vec4 a, vec4 b) {
  vec4 size = max(abs(a), abs(b));
  size = mix(size, vec4(1.), equal(size, vec4(INF)));
  vec4 s = a / size, t = b / size;
  return c / size / (s * s + t * t) / size;
}
"""

POW = """
vec4 head_(vec4 x) {
  // The first 12 binary digits: products of two heads are exact. By bits, as drivers make b of (a + b) - a.
  return intBitsToFloat(floatBitsToInt(x) & ~4095);
}
vec4 pow_(vec4 a, vec4 b) {
  // 2^(b log2 a), with log2 a and the product as sums of a head and a rest. a = m 2^e with m in [sqrt(1/2), sqrt(2));
  // log m = 2 atanh(s) = 2/3 s (3 + s^2 + r), s = (m - 1) / (m + 1).
  vec4 size = abs(a);
  ivec4 bits = floatBitsToInt(size);
  vec4 e = floor(vec4(bits - 0x3f3504f3) * 1.1920928955078125e-7);
  vec4 m = intBitsToFloat(bits - ivec4(e) * 8388608);
  vec4 u = m - 1., v = 1. / (m + 1.);
  vec4 s = u * v, sHead = head_(s);
  vec4 t = head_(m + 1.);
  vec4 sRest = v * ((u - sHead * t) - sHead * (m - (t - 1.)));
  vec4 z = s * s;
  vec4 r = z * z * (0.6 + z * (0.42857143 + z * (0.33333333 + z * 0.27272727))) + sRest * (sHead + s);
  z = sHead * sHead;
  t = head_(3. + z + r);
  v = sRest * t + (r - ((t - 3.) - z)) * s;
  u = sHead * t;
  vec4 head = head_(u + v);
  // Times 2 / (3 log 2), in two parts.
  v = head * -1.1736857402e-4 + (v - (head - u)) * 0.96179670;
  u = head * 0.9619140625;
  head = head_((u + v) + e);
  v = v - ((head - e) - u);
  vec4 c = min(max(b, vec4(-1e12)), vec4(1e12));
  vec4 cHead = head_(c);
  u = cHead * head;
  v = (c - cHead) * head + c * v;
  vec4 n = floor(min(max(u + v, vec4(-160.)), vec4(130.)) + 0.5);
  // 2^(u + v) = 2^n e^(z + v), z = t log 2 with few enough digits in t for an exact product.
  u -= n;
  t = intBitsToFloat(floatBitsToInt(u + v) & ~32767);
  t = min(max(t, vec4(-1.)), vec4(1.));
  v = min(max(v - (t - u), vec4(-0.01)), vec4(0.01)) * 0.69314718 + t * 1.42860677e-6;
  z = t * 0.693145751953125;
  r = z + v;
  t = head_(r);
  v += z - t;
  vec4 y = 0.041666668 + r * (0.0083333310 + r * (0.0013888948 + r * 1.98e-4));
  y = 1. + (t + (v + r * r * (0.5 + r * (0.16666667 + r * y))));
  vec4 half_ = floor(n * 0.5);
  y *= intBitsToFloat(ivec4(half_ * 8388608. + 1065353216.));
  y *= intBitsToFloat(ivec4((n - half_) * 8388608. + 1065353216.));
  ivec4 isFinite = ivec4(lessThan(abs(b), vec4(INF)));
  ivec4 isZero = ivec4(lessThan(size, uintBitsToFloat(uvec4(0x00800000u)))), isInfinite = ivec4(equal(size, vec4(INF)));
  ivec4 isBelow = ivec4(lessThan(b, vec4(0.)));
  y = mix(y, vec4(0.), bvec4((isZero & (1 - isBelow)) | (isInfinite & isBelow)));
  y = mix(y, vec4(INF), bvec4((isZero & isBelow) | (isInfinite & (1 - isBelow))));
  vec4 whole = floor(b);
  ivec4 isWhole = ivec4(equal(whole, b)) & isFinite;
  ivec4 isOdd = isWhole & ivec4(notEqual(whole - 2. * floor(whole * 0.5), vec4(0.)));
  ivec4 isNegative = ivec4(lessThan(a, vec4(0.)));
  y = mix(y, -y, bvec4(isOdd & isNegative));
  y = mix(y, vec4(NAN), bvec4((isNegative & (1 - isWhole) & (1 - isInfinite) & isFinite)
                              | ivec4(notEqual(a, a)) | ivec4(notEqual(b, b))));
  ivec4 isNothing = ivec4(lessThan(abs(b), uintBitsToFloat(uvec4(0x00800000u))));
  return mix(y, vec4(1.), bvec4(isNothing | ivec4(equal(a, vec4(1.)))
                                | (ivec4(equal(a, vec4(-1.))) & (1 - isFinite) & ivec4(equal(b, b)))));
}
ivec4 pow_(ivec4 a, ivec4 b) {
  ivec4 y = ivec4(1), p = a, k = b;
  for (int bit = 0; bit < 31; bit++) {
    y = select(equal(k & 1, ivec4(1)), y * p, y);
    p *= p;
    k >>= 1;
    if (k == ivec4(0)) break;
  }
  ivec4 unit = select(equal(b & 1, ivec4(1)), a, ivec4(1));  // powers of 1 and -1
  return select(lessThan(b, ivec4(0)), select(equal(abs(a), ivec4(1)), unit, ivec4(0)), y);
}
"""

MINMAX = """
vec4 max_(vec4 a, vec4 b) { return mix(a, b, bvec4(ivec4(lessThanEqual(a, b)) | ivec4(notEqual(b, b)))); }
vec4 min_(vec4 a, vec4 b) { return mix(a, b, bvec4(ivec4(lessThanEqual(b, a)) | ivec4(notEqual(b, b)))); }
ivec4 max_(ivec4 a, ivec4 b) { return max(a, b); }
ivec4 min_(ivec4 a, ivec4 b) { return min(a, b); }
"""

DIVIDE = """
int floordiv1_(int a, int b) {
  if (b == 0) return 0;
  if (b == -1) return -a;  // of the least int32 the quotient wraps; a / b is undefined there
  int q = a / b;
  return (a - q * b != 0 && ((a < 0) != (b < 0))) ? q - 1 : q;
}
ivec4 floordiv_(ivec4 a, ivec4 b) {
  return ivec4(floordiv1_(a.x, b.x), floordiv1_(a.y, b.y), floordiv1_(a.z, b.z), floordiv1_(a.w, b.w));
}
ivec4 mod_(ivec4 a, ivec4 b) { return select(equal(b, ivec4(0)), ivec4(0), a - floordiv_(a, b) * b); }
vec4 remainder_(vec4 a, vec4 b) {
  // Of positive numbers, exact: takes away multiples of b, up to 11 binary digits of the quotient at a time.
  vec4 m = a;
  for (int turn = 0; turn < 30; turn++) {
    bvec4 done = lessThan(m, b);
    if (all(done)) break;
    ivec4 digits = (floatBitsToInt(m) >> 23) - (floatBitsToInt(b) >> 23);
    vec4 multiple = intBitsToFloat(floatBitsToInt(b) + max(digits - 10, ivec4(0)) * 8388608);
    vec4 head = intBitsToFloat(floatBitsToInt(multiple) & ~4095);
    vec4 q = floor(m / multiple);
    vec4 rest = (m - q * head) - q * (multiple - head);
    m = mix(mix(rest, rest + multiple, lessThan(rest, vec4(0.))), m, done);
  }
  return m;
}
vec4 mod_(vec4 a, vec4 b) {
  // The remainder of the amounts, then the sign of b as in Python.
  bvec4 bad = bvec4(ivec4(equal(b, vec4(0.))) | ivec4(equal(abs(a), vec4(INF))) | ivec4(notEqual(a, a)) | ivec4(notEqual(b, b)));
  vec4 m = remainder_(mix(abs(a), vec4(0.), bad), mix(abs(b), vec4(1.), bad));
  m = mix(m, -m, lessThan(a, vec4(0.)));
  bvec4 other = bvec4(ivec4(notEqual(m, vec4(0.))) & ivec4(notEqual(lessThan(m, vec4(0.)), lessThan(b, vec4(0.)))));
  return mix(mix(m, m + b, other), vec4(NAN), bad);
}
vec4 floordiv_(vec4 a, vec4 b) {
  // The quotient of what the remainder leaves is whole; a / b itself may be rounded up to a whole number.
  vec4 q = floor(a / b - mod_(a, b) / b + 0.5);
  q = mix(q, vec4(0.), equal(abs(b), vec4(INF)));
  q = mix(q, vec4(-1.), bvec4(ivec4(equal(abs(b), vec4(INF))) & ivec4(lessThan(sign(a) * sign(b), vec4(0.)))));
  return mix(q, floor(a / b), bvec4(ivec4(equal(b, vec4(0.))) | ivec4(equal(abs(a), vec4(INF))) | ivec4(notEqual(a, a))));
}
"""
