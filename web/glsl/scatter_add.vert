#version 300 es
// Sum of rows by index: y[index[n], d] += x[n, d]; a point per texel of x (per element if rows are no whole texels), blended.
// index is [N], x is [N, INNER], y is [ROWS, INNER], all row-major, four elements a texel; INNER counts texels if ALIGNED.
// Cost: one fetch of x and one of the index for each point; points that meet in a texel are added in the order of x.
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp isampler2D;
precision highp sampler2DArray;
precision highp isampler2DArray;
#define ALIGNED 1
#define INNER u[0]
#define ROWS u[1]
// @generated
uniform isampler2D s0;
uniform sampler2D s1;
uniform int u[2];
uniform vec4 d[3];
vec2 texelUv(float t, vec4 d) { float y = floor(t * d.y); return vec2(t - y * d.x + 0.5, y + 0.5) * d.zw; }
int texelOf(int i) { return int(floor(float(i) * 0.25)); }
int divide(int a, int b) { return int((float(a) + 0.5) / float(b)); }
ivec4 fetch0(int t) { return texture(s0, texelUv(float(t), d[0])); }
vec4 fetch1(int t) { return texture(s1, texelUv(float(t), d[1])); }
int element0(int i) { return fetch0(texelOf(i))[i & 3]; }
float element1(int i) { return fetch1(texelOf(i))[i & 3]; }
// @end
flat out vec4 value;

void main() {
  int n = divide(gl_VertexID, INNER);
  int row = element0(n);
  int to = row * INNER + gl_VertexID - n * INNER;
#if ALIGNED
  int t = to;
  value = fetch1(gl_VertexID);
#else
  int t = texelOf(to);
  value = vec4(0.);
  value[to & 3] = element1(gl_VertexID);
#endif
  // By integers: a result may have more than 2^24 texels, and floats would take odd ones for their neighbours.
  int width = int(d[2].x), y = t / width;
  vec2 at = (vec2(t - y * width, y) + 0.5) * d[2].zw;
  bool inside = row >= 0 && row < ROWS;
  gl_Position = vec4(inside ? at * 2. - 1. : vec2(2.), 0., 1.);
  gl_PointSize = 1.;
}
