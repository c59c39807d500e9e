#include "tests.h"

using namespace checks;

namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// The whole network: 8 x 384 tokens, 6 layers, width 768, 12 heads, hidden 3072.
void run(Device &device, const char *name, distilqa_tt_compute how, uint32_t weights) {
    const uint32_t B16 = DISTILQA_TT_BFLOAT16, batch = 8, sequence = 384, width = 768, hidden = 3072;
    const auto make = [&](std::vector<uint32_t> shape, uint32_t dtype, float spread) {
        const auto of = spec(shape, dtype);
        return tensor(device, of, random_values(count_of(of), spread, 1));
    };
    distilqa_tt_tensor *x = make({batch, 1, sequence, width}, B16, 1), *mask = make({batch, 1, sequence, sequence}, B16, 1);
    distilqa_tt_tensor *qkv = make({width, 3 * width}, weights, 0.04f), *out = make({width, width}, weights, 0.04f),
                       *up = make({width, hidden}, weights, 0.04f), *down = make({hidden, width}, weights, 0.04f);
    distilqa_tt_tensor *qkv_bias = make({1, 3 * width}, B16, 1), *bias = make({1, width}, B16, 1),
                       *up_bias = make({1, hidden}, B16, 1);
    double times[5] = {};
    const auto timed = [&](int part, int status) {
        OK(status);
        times[part] += now();
    };
    for (int layer = 0; layer < 6; layer++) {
        distilqa_tt_tensor *a = nullptr, *b = nullptr, *c = nullptr, *d = nullptr, *e = nullptr, *f = nullptr, *g = nullptr;
        times[0] -= now();
        timed(0, distilqa_tt_linear(x, qkv, qkv_bias, 0, &how, &a));
        times[1] -= now();
        timed(1, distilqa_tt_self_attention(a, mask, 12, 0.125f, &how, &b));
        times[0] -= now();
        timed(0, distilqa_tt_linear(b, out, bias, 0, &how, &c));
        times[2] -= now();
        timed(2, distilqa_tt_layer_norm(c, x, bias, bias, 1e-12f, &how, &d));
        times[3] -= now();
        timed(3, distilqa_tt_linear(d, up, up_bias, DISTILQA_TT_GELU, &how, &e));
        times[0] -= now();
        timed(0, distilqa_tt_linear(e, down, bias, 0, &how, &f));
        times[2] -= now();
        timed(2, distilqa_tt_layer_norm(f, d, bias, bias, 1e-12f, &how, &g));
        for (auto *made : {a, b, c, d, e, f, x}) OK(distilqa_tt_tensor_free(made));
        x = g;
    }
    const double total = times[0] + times[1] + times[2] + times[3];
    const double tokens = batch * sequence, linear = 6 * tokens * 2 * width, flops_up = linear * hidden;
    const double flops_linear = linear * (4 * width + hidden), flops_attention = 6 * tokens * 4 * sequence * width;
    std::printf("%-34s %5.2f s: linear %5.2f s (%3.0f GFLOPS), with gelu %5.2f s (%3.0f), attention %5.2f s (%3.0f), "
                "layer norm %.2f s\n",
                name, total, times[0], flops_linear / times[0] / 1e9, times[3], flops_up / times[3] / 1e9, times[1],
                flops_attention / times[1] / 1e9, times[2]);
    for (auto *made : {x, mask, qkv, out, up, down, qkv_bias, bias, up_bias}) OK(distilqa_tt_tensor_free(made));
}

}  // namespace

void measure_speed() {
    Device device;
    const uint32_t B16 = DISTILQA_TT_BFLOAT16, B8 = DISTILQA_TT_BFLOAT8_B;
    for (int i = 0; i < 2; i++) {
        run(device, "bfloat16, HIFI4", compute(B16, DISTILQA_TT_HIFI4), B16);
        run(device, "bfloat8_b, HIFI4, packer", compute(B8, DISTILQA_TT_HIFI4, 0, DISTILQA_TT_DRAM, 1), B8);
        run(device, "bfloat16, HIFI3, fp32", compute(B16, DISTILQA_TT_HIFI3, 1), B16);
        run(device, "bfloat8_b, HIFI2, fp32", compute(B8, DISTILQA_TT_HIFI2, 1), B8);
    }
}
