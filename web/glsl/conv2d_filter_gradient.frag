#version 300 es
// Gradient of a 2D convolution for its filter, in parts: dw[lane, s, ky, kx, c, o] = sum over the images of group s of x * g.
// x is [batch, HEIGHT, WIDTH, CHANNELS], g is [batch, OUT_HEIGHT, OUT_WIDTH, FILTERS], both row-major, four elements a texel.
// A fragment computes four filters of LAYERS channels, layer l holding channel LAYERS * c + l. With UNALIGNED_ROWS it is LAYERS
// elements of the run that a row of the window reads; windows that follow each other are RUN_STEP elements apart (0: more than
// can be held). The groups of images (split-K) are added up afterwards. Cost per pixel: 1 + LAYERS / 4 fetches for
// 4 * LAYERS multiply-adds (2 for 4 with one layer); with UNALIGNED_ROWS 1 for each four windows, and
// about (RUN_STEP + LAYERS / 4 + 1) / 4.
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp isampler2D;
precision highp sampler2DArray;
precision highp isampler2DArray;
#define ALIGNED_O 1
#define UNALIGNED_ROWS 0
#define RUN_STEP 1
#define LAYERS 1
#define BATCH u[0]
#define HEIGHT u[1]
#define WIDTH u[2]
#define CHANNELS u[3]
#define OUT_HEIGHT u[4]
#define OUT_WIDTH u[5]
#define FILTERS u[6]
#define KERNEL_HEIGHT u[7]
#define KERNEL_WIDTH u[8]
#define STRIDE_Y u[9]
#define STRIDE_X u[10]
#define DILATION_Y u[11]
#define DILATION_X u[12]
#define BEFORE_Y u[13]
#define BEFORE_X u[14]
#define GROUP u[15]
#define TEXELS u[16]
// @generated
uniform sampler2D s0;
uniform sampler2D s1;
uniform int u[17];
uniform vec4 d[3];
vec2 texelUv(float t, vec4 d) { float y = floor(t * d.y); return vec2(t - y * d.x + 0.5, y + 0.5) * d.zw; }
int texelOf(int i) { return int(floor(float(i) * 0.25)); }
int divide(int a, int b) { return int((float(a) + 0.5) / float(b)); }
layout(location = 0) out vec4 out0;
vec4 fetch0(int t) { return texture(s0, texelUv(float(t), d[0])); }
vec4 fetch1(int t) { return texture(s1, texelUv(float(t), d[1])); }
float element0(int i) { return fetch0(texelOf(i))[i & 3]; }
float element1(int i) { return fetch1(texelOf(i))[i & 3]; }
int texel() { return int(gl_FragCoord.y) * int(d[2].x) + int(gl_FragCoord.x); }
void finish(int layer, vec4 acc, int t) { if (layer == 0) out0 = acc; }
// @end

#if UNALIGNED_ROWS
// The places of a row of the window: groups of elements.
#define COLUMNS 1
#define PLACES divide(KERNEL_WIDTH * CHANNELS + LAYERS - 1, LAYERS)
#else
#define COLUMNS KERNEL_WIDTH
#define PLACES divide(CHANNELS, LAYERS)
#endif

#if LAYERS == 8
#define EACH(X) X(0, acc0) X(1, acc1) X(2, acc2) X(3, acc3) X(4, acc4) X(5, acc5) X(6, acc6) X(7, acc7)
#elif LAYERS == 4
#define EACH(X) X(0, acc0) X(1, acc1) X(2, acc2) X(3, acc3)
#else
#define EACH(X) X(0, acc0)
#endif
#define DECLARE(l, acc) vec4 acc = vec4(0.);
#define FINISH(l, acc) finish(l, acc, t + l * TEXELS);

bvec2 offset(int i) { return bvec2(i & 1, i & 2); }
// Four elements that begin at element `offset` of texel a; b is the texel after it.
vec4 shifted(vec4 a, vec4 b, bvec2 offset) {
  vec4 first = offset.x ? vec4(a.yzw, b.x) : a;
  vec2 second = offset.x ? b.yz : b.xy;
  return offset.y ? vec4(first.zw, second) : first;
}
bvec4 within(ivec4 at, int first, int end) {
  return bvec4(ivec4(greaterThanEqual(at, ivec4(first))) & ivec4(lessThan(at, ivec4(end))));
}

// The windows i whose place k lies inside the image: first <= i <= last.
ivec2 windows(int k, int dilation, int before, int stride, int size, int outputs) {
  int shift = k * dilation - before;
  int first = shift < 0 ? (stride - 1 - shift) / stride : 0;
  int reach = size - 1 - shift;
  int last = reach < 0 ? -1 : min(outputs - 1, reach / stride);
  return ivec2(first, last);
}

void main() {
  int t = texel();
  if (t >= TEXELS) return;
#if ALIGNED_O
  int o4 = texelOf(FILTERS);
  int p = divide(t, o4);
  int o = t - p * o4;
  int q = divide(p, PLACES);
  int c = p - q * PLACES;
  p = divide(q, COLUMNS);
  int kx = q - p * COLUMNS;
  int s = divide(p, KERNEL_HEIGHT);
  int ky = p - s * KERNEL_HEIGHT;
  ivec2 rows = windows(ky, DILATION_Y, BEFORE_Y, STRIDE_Y, HEIGHT, OUT_HEIGHT);
#if UNALIGNED_ROWS
  ivec2 columns = ivec2(0, OUT_WIDTH - 1);
#else
  ivec2 columns = windows(kx, DILATION_X, BEFORE_X, STRIDE_X, WIDTH, OUT_WIDTH);
#endif
  int y0 = ky * DILATION_Y - BEFORE_Y, x0 = kx * DILATION_X - BEFORE_X;
  EACH(DECLARE)
  for (int b = s * GROUP; b < min(BATCH, (s + 1) * GROUP); b++) {
    for (int i = rows.x; i <= rows.y; i++) {
      int g = (b * OUT_HEIGHT + i) * OUT_WIDTH * o4 + o;
#if UNALIGNED_ROWS
      int line = WIDTH * CHANNELS;
      int start = (b * HEIGHT + i * STRIDE_Y + y0) * line;
      int at = x0 * CHANNELS + LAYERS * c;
      int j = 0;
#if RUN_STEP
      // Four windows at a time: what they read are PIECES texels, which all begin at the same element of those in memory.
#define PIECES ((3 * RUN_STEP + LAYERS - 1) / 4 + 1)
#define ELEMENT(m, l) x[(m * RUN_STEP + l) / 4][(m * RUN_STEP + l) % 4]
#define WINDOW(m) { \
        vec4 dy = fetch1(g + (j + m) * o4); \
        ADD(m) \
      }
#if LAYERS == 8
#define ADD(m) \
        acc0 += ELEMENT(m, 0) * dy; acc1 += ELEMENT(m, 1) * dy; acc2 += ELEMENT(m, 2) * dy; acc3 += ELEMENT(m, 3) * dy; \
        acc4 += ELEMENT(m, 4) * dy; acc5 += ELEMENT(m, 5) * dy; acc6 += ELEMENT(m, 6) * dy; acc7 += ELEMENT(m, 7) * dy;
#else
#define ADD(m) \
        acc0 += ELEMENT(m, 0) * dy; acc1 += ELEMENT(m, 1) * dy; acc2 += ELEMENT(m, 2) * dy; acc3 += ELEMENT(m, 3) * dy;
#endif
      bvec2 begin = offset(start + at);
      vec4 x[PIECES];
      for (; j + 3 < OUT_WIDTH; j += 4) {
        int quad = texelOf(start + at);
        vec4 here = fetch0(quad);
        for (int n = 0; n < PIECES; n++) {
          vec4 next = fetch0(quad + n + 1);
          bvec4 inside = within(ivec4(at + 4 * n) + ivec4(0, 1, 2, 3), 0, line);
          x[n] = mix(vec4(0.), shifted(here, next, begin), inside);
          here = next;
        }
        WINDOW(0)
        WINDOW(1)
        WINDOW(2)
        WINDOW(3)
        at += 4 * RUN_STEP;
      }
#endif
      for (; j < OUT_WIDTH; j++) {
        vec4 dy = fetch1(g + j * o4);
        int quad = texelOf(start + at);
        vec4 here = fetch0(quad), next = fetch0(quad + 1);
        bvec2 begin = offset(start + at);
        vec4 x = mix(vec4(0.), shifted(here, next, begin), within(ivec4(at) + ivec4(0, 1, 2, 3), 0, line));
        acc0 += x.x * dy;
        acc1 += x.y * dy;
        acc2 += x.z * dy;
        acc3 += x.w * dy;
#if LAYERS == 8
        x = shifted(next, fetch0(quad + 2), begin);
        x = mix(vec4(0.), x, within(ivec4(at) + ivec4(4, 5, 6, 7), 0, line));
        acc4 += x.x * dy;
        acc5 += x.y * dy;
        acc6 += x.z * dy;
        acc7 += x.w * dy;
#endif
        at += STRIDE_X * CHANNELS;
      }
#else
      int line = (b * HEIGHT + i * STRIDE_Y + y0) * WIDTH + x0;
      for (int j = columns.x; j <= columns.y; j++) {
        vec4 dy = fetch1(g + j * o4);
        int at = (line + j * STRIDE_X) * PLACES + c;
#if LAYERS == 1
        acc0 += element0(at) * dy;
#else
#if LAYERS == 8
        at *= 2;
#endif
        vec4 x = fetch0(at);
        acc0 += x.x * dy;
        acc1 += x.y * dy;
        acc2 += x.z * dy;
        acc3 += x.w * dy;
#if LAYERS == 8
        x = fetch0(at + 1);
        acc4 += x.x * dy;
        acc5 += x.y * dy;
        acc6 += x.z * dy;
        acc7 += x.w * dy;
#endif
#endif
      }
#endif
    }
  }
  EACH(FINISH)
#else
  vec4 acc = vec4(0.);
  for (int lane = 0; lane < 4; lane++) {
    int e = t * 4 + lane;
    int p = divide(e, FILTERS);
    int o = e - p * FILTERS;
    int q = divide(p, CHANNELS);
    int c = p - q * CHANNELS;
    p = divide(q, KERNEL_WIDTH);
    int kx = q - p * KERNEL_WIDTH;
    int s = divide(p, KERNEL_HEIGHT);
    int ky = p - s * KERNEL_HEIGHT;
    ivec2 rows = windows(ky, DILATION_Y, BEFORE_Y, STRIDE_Y, HEIGHT, OUT_HEIGHT);
    ivec2 columns = windows(kx, DILATION_X, BEFORE_X, STRIDE_X, WIDTH, OUT_WIDTH);
    float total = 0.;
    for (int b = s * GROUP; b < min(BATCH, (s + 1) * GROUP); b++) {
      for (int i = rows.x; i <= rows.y; i++) {
        int line = (b * HEIGHT + i * STRIDE_Y + ky * DILATION_Y - BEFORE_Y) * WIDTH + kx * DILATION_X - BEFORE_X;
        for (int j = columns.x; j <= columns.y; j++) {
          total += element0((line + j * STRIDE_X) * CHANNELS + c) * element1(((b * OUT_HEIGHT + i) * OUT_WIDTH + j) * FILTERS + o);
        }
      }
    }
    acc[lane] = total;
  }
  finish(0, acc, t);
#endif
}
