/**
 * What a backend implements ({@link org.distilqa.device.DeviceProvider}, {@link org.distilqa.device.Device},
 * {@link org.distilqa.device.Program}) and how one is found ({@link org.distilqa.device.Devices}).
 */
package org.distilqa.device;
